package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.error.InvalidSubscriptionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON forms of values take every member for what it is written as. */
class JsonFormsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    {"maxAttempts":3.5}                      | 'maxAttempts' must be an integer, was 3.5
                    {"maxAttempts":"3"}                      | 'maxAttempts' must be an integer, was
                    {"maxAttempts":99999999999}              | 'maxAttempts' must be an integer from -2147483648 to 2147483647
                    {"timeout":5}                            | 'timeout' must be a duration such as PT5S (ISO 8601), was a number
                    {"timeout":"5s"}                         | 'timeout' must be a duration such as PT5S (ISO 8601), was '5s'
                    {"guarantee":0}                          | 'guarantee' must be
                    {"retryOn":{"kinds":[0]}}                | 'retryOn.kinds[0]' must be FUNCTION_ERROR or
                    {"retryOn":{"statusCodes":["501"]}}      | 'retryOn.statusCodes[0]' must be an integer
                    {"deadLetter":5}                         | 'deadLetter' must be a string, was 5
                    {"deadLetter":true}                      | 'deadLetter' must be a string, was true
                    {"backoff":"exponential"}                | 'backoff' must be an object with a 'type' of exponential or fixed or delays
                    {"backoff":{"type":"delays","delays":["PT1S",null]}} | 'backoff' must not have null in it
                    {"batching":{"maxEvents":3}}             | lacks 'maxWait'
                    {"circuitBreaker":{"failures":3}}        | lacks 'pause'
                    {"maxAttempts":3,"maxAttempts":4}        | a member twice
                    """)
    void aPolicysFormIsRefusedWithPlaceAndKind(String form, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeliveryPolicy.fromJson(form))
                .withMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    {"eventType":"a","functionId":"f","mode":1}              | 'mode' must be async or sync or http
                    {"eventType":"a","functionId":"f","mode":"SYNC"}         | 'mode' must be async or sync or http, was 'SYNC'
                    {"eventType":"a","functionId":"f","enabled":"true"}      | 'enabled' must be true or false, was a string
                    {"eventType":"a","functionId":"f","enabled":1}           | 'enabled' must be true or false, was 1
                    {"eventType":"a","functionId":5}                         | 'functionId' must be a string, was 5
                    {"mode":"http","method":"GET","path":"/a","functionId":"f","eventType":"b"} | the eventType of an http subscription is http.request, was 'b'
                    {"eventType":"a","functionId":"f","metadata":{"x":1}}    | 'metadata.x' must be a string, was 1
                    """)
    void aSubscriptionsFormIsRefusedWithPlaceAndKind(String form, String message) {
        assertThatThrownBy(() -> Subscription.fromJson(form))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    {"functionId":5,"type":"http"}                             | 'functionId' must be a string, was 5
                    {"functionId":"f","type":5}                                | 'type' must be a string, was 5
                    {"functionId":"f","type":"http","emits":[1]}               | 'emits[0]' must be a string, was 1
                    {"functionId":"f","type":"t","configuration":{"a":1e400}}  | configuration.a of function 'f' must be a number that a double can hold
                    """)
    void aFunctionsFormIsRefusedWithPlaceAndKind(String form, String message) {
        assertThatThrownBy(() -> FunctionDefinition.fromJson(form))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aPredicateThatThrowsWithoutAMessageIsExplainedByItsClass() {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("f", (event, context) -> null);
            gateway.subscriptions()
                    .create(Subscription.to("a")
                            .function("f")
                            .filter(Filter.where(event -> {
                                throw new StackOverflowError();
                            }))
                            .build());
            assertThat(gateway.explain(Event.of("a", 1)).toString()).contains("failed: java.lang.StackOverflowError");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    [          | it is not JSON at line 1, column
                    [1         | it is not JSON at line 1, column
                    [{}        | it is not JSON at line 1, column
                    {"a":[     | it is not JSON at line 1, column
                    {          | it is not JSON at line 1, column
                    """)
    void whatIsNotOneJsonValueIsRefusedInTheWordsOfTheValue(String form, String message) {
        assertThatThrownBy(() -> Subscription.fromJson(form))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> FunctionDefinition.fromJson(form))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeliveryPolicy.fromJson(form))
                .withMessageContaining(message);
    }

    @Test
    void whatGoesOnAfterItsEndIsRefused() {
        String subscription = Subscription.to("a").function("f").build().toJson();
        String function = FunctionDefinition.http("f", "https://example.com").toJson();
        String policy = DeliveryPolicy.defaults().toJson();
        for (String more : new String[] {" {}", "]", " x"}) {
            String message =
                    more.equals(" {}") ? "it goes on after its end at line 1, column" : "it is not JSON at line 1";
            assertThatThrownBy(() -> Subscription.fromJson(subscription + more))
                    .isInstanceOf(InvalidSubscriptionException.class)
                    .hasMessageContaining(message);
            assertThatThrownBy(() -> FunctionDefinition.fromJson(function + more))
                    .isInstanceOf(InvalidFunctionException.class)
                    .hasMessageContaining(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DeliveryPolicy.fromJson(policy + more))
                    .withMessageContaining(message);
        }
    }
}

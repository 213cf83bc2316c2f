package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidSubscriptionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions as values: their ids, their JSON form, and what is refused. */
class SubscriptionTest extends SubscribedFunctions {
    @Test
    void idsAreAStableFunctionOfWhatIsBound() {
        String id = Subscription.to("a").function("f").build().id();

        assertThat(Subscription.to("a").function("f").enabled(false).build().id())
                .isEqualTo(id);
        assertThat(id).isEqualTo("a->f");
        assertThat(Subscription.to("a").function("g").build().id()).isEqualTo("a->g");
        assertThat(Subscription.http("get", "/users/:id")
                        .function("getUser")
                        .build()
                        .id())
                .isEqualTo("GET /users/:id->getUser");
        assertThat(Subscription.to("a").function("f").id("mine").build().id()).isEqualTo("mine");
    }

    @Test
    void anIdHasAHashWhereWhatIsReadableDoesNotTellOrIsNoId() {
        Subscription.Builder plain = Subscription.to("a").function("f");
        String filtered =
                plain.filter(Filter.pattern("{\"subject\":[\"x\"]}")).build().id();
        String other =
                plain.filter(Filter.pattern("{\"subject\":[\"y\"]}")).build().id();

        assertThat(filtered).matches("a->f~[0-9a-f]{8}").isNotEqualTo(other);
        assertThat(Subscription.to("é<\"").function("f").build().id()).matches("___->f~[0-9a-f]{8}");
        Subscription longest =
                Subscription.to("a".repeat(250)).function("f".repeat(100)).build();
        assertThat(longest.id()).hasSize(256).matches("a{247}~[0-9a-f]{8}");
        assertThat(Subscription.fromJson(longest.toJson())).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order..placed", ".order", "order.", " order", "order "})
    void refusesTypesThatCanOnlyBeMistakes(String type) {
        assertThatThrownBy(() -> Subscription.to(type).function("f").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'" + type + "'");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    null                                                                   | it is null
                    []                                                                     | must be an object, was an array
                    {"eventType":"a","functionId":"f"                                      | not JSON at line 1
                    {"eventType":"a","functionId":"f","delivery":{"timeout":"5s"}}         | 'delivery.timeout' must be a duration such as PT5S (ISO 8601), was '5s'
                    {"eventType":"a","functionId":"f","delivery":{"maxAttempts":"many"}}   | 'delivery.maxAttempts' must be an integer, was a string
                    {"eventType":"a","functionId":"f","mode":"SOMETIMES"}                  | 'mode' must be async or sync or http, was 'SOMETIMES'
                    {"eventType":"a","functionId":"f","delivery":{"backoff":{"type":"x"}}} | had 'x'
                    {"eventType":"a","functionId":"f","delivery":{"rateLimit":{"permits":1}}} | 'per' is missing
                    {"eventType":"a","functionId":"f","delivery":{"maxAttempts":0}}        | maxAttempts must be 1 to 1000, was 0
                    """)
    void saysInItsOwnWordsWhatIsWrongWithAJsonForm(String json, String message) {
        assertThatThrownBy(() -> Subscription.fromJson(json))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("io.eventgateway", "Cannot", "java.");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    users         | must start with '/'
                    /a/*rest/b    | before its end
                    /:id/x/:id    | two parameters named 'id'
                    /:            | a parameter is ':' and a name
                    /*            | a wildcard is '*' and a name
                    /a?b=1        | position 2
                    /users/{id}   | write ':id'
                    '/users '     | must not end with a blank
                    /e/a%20b      | segments of requests are decoded before they are compared; write it decoded: 'a b'
                    /e/a%2Fb      | take a ':parameter' for that segment
                    /e/a%ffb      | take a ':parameter' for that segment
                    """)
    void refusesPathsThatAreNotPatterns(String path, String message) {
        assertThatThrownBy(() -> Subscription.http("GET", path))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining(path.substring(0, 2).trim())
                .hasMessageContaining(message);
    }

    @Test
    void refusesNullsAndMalformedMethods() {
        assertThatThrownBy(() -> Subscription.http(null, "/"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("method");
        assertThatThrownBy(() -> Subscription.http("G T", "/"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'G T'");
        assertThatThrownBy(() -> Subscription.http("GET", null))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("path");
        assertThatThrownBy(() -> Subscription.to(null).function("f").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("eventType");
        assertThatThrownBy(() -> Subscription.to("a").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("functionId of the subscription to event type 'a'");
        assertThatThrownBy(() -> Subscription.to("a").function("f").id("a\nb").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("spaces");
        assertThatThrownBy(() -> Subscription.to("a").function("f").id("a ").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'a '");
        assertThatThrownBy(() -> Subscription.http("GET", "/").function("f").sync())
                .isInstanceOf(InvalidSubscriptionException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order.pl*", "a.***", "*x"})
    void refusesWildcardsThatAreNotWholeSegments(String type) {
        assertThatThrownBy(() -> Subscription.to(type).function("f").build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'" + type + "'")
                .hasMessageContaining("whole segment");
    }

    @Test
    void hasAJsonFormThatRoundTrips() {
        for (Subscription subscription : List.of(
                Subscription.to("a.*").function("f").sync().enabled(false).build(),
                Subscription.to("a")
                        .function("f")
                        .id("x")
                        .metadata(Map.of("k", "v"))
                        .delivery(DeliveryPolicy.builder()
                                .timeout(Duration.ofSeconds(3))
                                .build())
                        .build(),
                Subscription.http("PATCH", "/a/:b/*c").function("f").build())) {
            assertThat(Subscription.fromJson(subscription.toJson())).isEqualTo(subscription);
        }
        assertThatThrownBy(() -> Subscription.fromJson("{\"type\":\"ASYNC\"}"))
                .isInstanceOf(InvalidSubscriptionException.class);
        assertThatThrownBy(() -> Subscription.fromJson("nonsense")).isInstanceOf(InvalidSubscriptionException.class);
    }
}

package io.eventgateway.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GcpFunctionInvokerTest {
    private GoogleCloud cloud;
    private EventGateway gateway;

    @BeforeEach
    void start() throws IOException {
        cloud = new GoogleCloud();
        gateway = EventGateway.builder()
                .discoverInvokers(false)
                .invoker(cloud.provider())
                .build();
    }

    @AfterEach
    void stop() {
        gateway.close();
        cloud.close();
    }

    private int answerOf(FunctionDefinition function) {
        gateway.functions().register(function);
        return call(function.functionId());
    }

    private int call(String function) {
        return gateway.invoke(function, Map.of("answer", 42))
                .asJson()
                .path("answer")
                .asInt();
    }

    private InvocationException failureOf(FunctionDefinition function) {
        gateway.functions().register(function);
        return catchThrowableOfType(InvocationException.class, () -> call(function.functionId()));
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(InvokerProvider.class)).anyMatch(GcpFunctionInvokerProvider.class::isInstance);
    }

    @Test
    void callsWithATokenOfTheMachinesAccountForTheUrl() {
        assertThat(answerOf(cloud.function("f", "/echo?a=b"))).isEqualTo(42);

        assertThat(cloud.audience).isEqualTo(cloud.url("/echo").toString());
        assertThat(cloud.calls.get(0).getUrl().query()).isEqualTo("a=b");
    }

    @Test
    void callsWithATokenOfAKeysAccountForTheAudience() {
        FunctionDefinition function = cloud.function("f", "/echo")
                .with("serviceAccountKey", cloud.key())
                .with("audience", "https://f.example.com");

        assertThat(answerOf(function)).isEqualTo(42);
        assertThat(cloud.audience).isEqualTo("https://f.example.com");
    }

    @Test
    void sendsTheEventAsItsFrameworkExpects() {
        gateway.functions().register(cloud.function("f", "/echo"));

        InvocationResult unused = gateway.invoke(
                "f", Event.builder("order.placed").id("e1").data(Map.of("a", 1)).build());

        var headers = cloud.calls.get(0).getHeaders();
        assertThat(headers.get("ce-id")).isEqualTo("e1");
        assertThat(headers.get("ce-type")).isEqualTo("order.placed");
        assertThat(headers.get("ce-specversion")).isEqualTo("1.0");
        assertThat(headers.get("Content-Type")).startsWith("application/json");
        assertThat(headers.get("User-Agent")).startsWith("eventgateway-java/");
    }

    @Test
    void manyCallsAskForOneToken() {
        gateway.functions().register(cloud.function("f", "/echo"));

        assertThat(IntStream.range(0, 20).parallel().map(i -> call("f"))).containsOnly(42);
        assertThat(cloud.tokens).hasValue(1);
    }

    @Test
    void aTokenIsKeptUntilShortlyBeforeItExpires() {
        assertThat(answerOf(cloud.function("f", "/echo"))).isEqualTo(42);
        cloud.passes(3500);
        assertThat(call("f")).isEqualTo(42);
        assertThat(cloud.tokens).hasValue(1);

        cloud.passes(60);
        assertThat(call("f")).isEqualTo(42);
        assertThat(cloud.tokens).hasValue(2);
    }

    @Test
    void aRefusedTokenIsFetchedAnewOnce() {
        assertThat(answerOf(cloud.function("f", "/echo"))).isEqualTo(42);
        cloud.passes(600);
        cloud.firstGood.set(2);

        assertThat(call("f")).isEqualTo(42);
        assertThat(cloud.tokens).hasValue(2);
        assertThat(cloud.calls).hasSize(3);
    }

    @Test
    void aFunctionThatRefusesEveryTokenHasNoneFetchedWithEveryCall() {
        cloud.firstGood.set(100);

        InvocationException failure = failureOf(cloud.function("f", "/echo"));

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure).hasMessageContaining("roles/run.invoker").hasMessageNotContaining("e30.");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> call("f")).isInstanceOf(InvocationException.class);
        }
        assertThat(cloud.tokens).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"/forbidden, ACCESS_DENIED, false", "/busy, PROVIDER_ERROR, true", "/redirecting, FUNCTION_ERROR, false"
    })
    void saysHowACallFailed(String path, Kind kind, boolean retryable) {
        InvocationException failure = failureOf(cloud.function("f", path));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        if (path.equals("/busy")) {
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, ACCESS_DENIED, false, true",
        "404, ACCESS_DENIED, false, false",
        "503, PROVIDER_ERROR, true, false"
    })
    void saysWhyThereIsNoToken(int status, Kind kind, boolean retryable, boolean ofKey) {
        cloud.tokenStatus = status;
        FunctionDefinition function = cloud.function("f", "/echo");

        InvocationException failure = failureOf(ofKey ? function.with("serviceAccountKey", cloud.key()) : function);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure).hasMessageContaining("'f' answered " + status).hasMessageContaining("no identity token");
        assertThat(cloud.calls).isEmpty();
    }

    @Test
    void aFunctionThatAnybodyMayCallGetsNoToken() {
        assertThat(answerOf(cloud.function("f", "/open").with("authenticate", false)))
                .isEqualTo(42);

        assertThat(cloud.tokens).hasValue(0);
        assertThat(cloud.calls.get(0).getHeaders().get("Authorization")).isNull();
    }

    @Test
    void theGatewaysPolicyIsForFunctionsAndNotForTheMetadataServer() {
        try (EventGateway strict = EventGateway.builder()
                .discoverInvokers(false)
                .invoker(cloud.provider())
                .networkPolicy(NetworkPolicy.publicOnly())
                .build()) {
            strict.functions().register(cloud.function("f", "/echo"));

            assertThatThrownBy(() -> strict.invoke("f", Map.of()))
                    .isInstanceOf(InvocationException.class)
                    .hasMessageStartingWith("function 'f' at")
                    .hasMessageContaining("is not public");
            assertThat(cloud.tokens).hasValue(1);
            assertThat(cloud.calls).isEmpty();
        }
    }

    @Test
    void theGatewaysPolicyIsForTheTokenEndpointThatAKeyNames() {
        try (EventGateway strict = EventGateway.builder()
                .discoverInvokers(false)
                .invoker(cloud.provider())
                .networkPolicy(NetworkPolicy.publicOnly())
                .build()) {
            strict.functions().register(cloud.function("f", "/echo").with("serviceAccountKey", cloud.key()));

            assertThatThrownBy(() -> strict.invoke("f", Map.of()))
                    .isInstanceOf(InvocationException.class)
                    .hasMessageStartingWith("the token endpoint of function 'f'");
            assertThat(cloud.tokens).hasValue(0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://169.254.169.254/computeMetadata/v1/",
        "http://[fd20:ce::254]/computeMetadata/v1/",
        "http://[::ffff:169.254.169.254]/"
    })
    void aFunctionsUrlDoesNotReachTheMetadataServer(String url) {
        InvocationException failure =
                failureOf(FunctionDefinition.of("f", "gcpfunction", Map.of("url", url, "authenticate", false)));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("denied");
    }

    @ParameterizedTest
    @CsvSource({
        "url, http://example.com/f, https",
        "url, https://metadata.google.internal/, metadata server",
        "url, nowhere, URL",
        "audience, '', empty",
        "serviceAccountKey, '{\"private_key\":\"secret-text\"}', client_email",
        "serviceAccountKey, secret-text, JSON",
        "mode, other, mode",
        "callTimeout, PT0S, more than zero"
    })
    void refusesAConfigurationThatIsNotValid(String entry, String value, String message) {
        FunctionDefinition function = cloud.function("f", "/echo").with(entry, value);

        assertThatThrownBy(() -> gateway.functions().register(function))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'" + entry)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret-text");
    }

    @ParameterizedTest
    @CsvSource({
        "https://f-abc.a.run.app, https://f-abc.a.run.app",
        "https://h/f?x=1, https://h/f",
        "https://h/f/, https://h/f/"
    })
    void theAudienceIsTheUrlWithoutItsQuery(String url, String audience) {
        GcpFunctionConfiguration configuration =
                new GcpFunctionConfiguration(Secret.of(url), null, null, null, null, null, null, null, null, null);

        assertThat(configuration.audienceOf(HttpUrl.get(url))).isEqualTo(audience);
    }

    @Test
    void theMetadataServerIsWhereTheEnvironmentSays() {
        assertThat(GcpFunctionInvokerProvider.metadataServer(null)).hasToString("http://metadata.google.internal/");
        assertThat(GcpFunctionInvokerProvider.metadataServer("127.0.0.1:8080")).hasToString("http://127.0.0.1:8080/");
        assertThatThrownBy(() -> GcpFunctionInvokerProvider.metadataServer("a/b"))
                .isInstanceOf(IllegalStateException.class);
    }
}

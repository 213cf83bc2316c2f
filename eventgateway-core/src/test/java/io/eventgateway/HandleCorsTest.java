package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.http.CorsPolicy;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pages of other origins may call an http subscription. */
class HandleCorsTest extends HandledRequests {
    private static final String APP = "https://app.example.com";

    private void on(String method, CorsPolicy policy) {
        gateway.functions().register("f" + method, (event, context) -> HttpResponse.builder(200)
                .header("Access-Control-Allow-Origin", "https://evil.example.com")
                .header("Vary", "Accept")
                .build());
        gateway.subscriptions()
                .create(Subscription.http(method, "/a")
                        .function("f" + method)
                        .cors(policy)
                        .build());
    }

    private HttpResponse preflight(String origin, String method, String headers) {
        return gateway.handle(HttpRequest.of("OPTIONS", "/a")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", headers)
                .build());
    }

    private HttpResponse from(String origin) {
        return gateway.handle(HttpRequest.get("/a").header("Origin", origin).build());
    }

    @Test
    void theDefaultsAllowEveryOriginWithoutCredentials() {
        on("GET", CorsPolicy.defaults());

        HttpResponse granted = preflight(APP, "GET", "content-type, accept");
        assertThat(granted.statusCode()).isEqualTo(204);
        assertThat(granted.headers())
                .containsEntry("Access-Control-Allow-Origin", "*")
                .containsEntry("Access-Control-Allow-Methods", "GET")
                .containsEntry("Access-Control-Allow-Headers", "Origin, Accept, Content-Type")
                .containsEntry("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
                .doesNotContainKey("Access-Control-Allow-Credentials");
        assertThat(preflight(APP, "HEAD", null).statusCode()).isEqualTo(204);
        assertThat(from(APP).allHeaders())
                .containsEntry("Access-Control-Allow-Origin", List.of("*"))
                .containsEntry("Vary", List.of("Accept"));
    }

    @Test
    void anOriginThatIsAllowedIsSaidAndCachesAreTold() {
        on("GET", CorsPolicy.allow(APP, "https://*.example.org").withCredentials());

        assertThat(from(APP).allHeaders())
                .containsEntry("Access-Control-Allow-Origin", List.of(APP))
                .containsEntry("Access-Control-Allow-Credentials", List.of("true"))
                .containsEntry("Vary", List.of("Accept", "Origin"));
        for (String other : new String[] {"https://evil.example.com", null}) {
            assertThat(from(other).statusCode()).isEqualTo(200);
            assertThat(from(other).allHeaders())
                    .doesNotContainKeys("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")
                    .containsEntry("Vary", List.of("Accept", "Origin"));
        }
        assertThat(preflight(APP, "GET", null).headers())
                .containsEntry("Access-Control-Allow-Origin", APP)
                .containsEntry("Access-Control-Allow-Credentials", "true");
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example.com, GET, Accept",
        "https://app.example.com, GET, X-Other",
        "https://app.example.com, POST, Accept"
    })
    void aPreflightForWhatIsNotAllowedIsRefused(String origin, String method, String headers) {
        on("GET", CorsPolicy.allow(APP).withMethods("GET"));
        on("POST", CorsPolicy.allow("https://other.example.com"));

        HttpResponse refused = preflight(origin, method, headers);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers())
                .doesNotContainKey("Access-Control-Allow-Origin")
                .containsKey("Vary");
    }

    @Test
    void withoutAPolicyNothingIsAllowed() {
        on("GET", "/a", (event, context) -> "a");

        assertThat(preflight(APP, "GET", null).headers()).containsOnlyKeys("Allow");
        assertThat(from(APP).headers()).doesNotContainKey("Access-Control-Allow-Origin");
        on("PUT", CorsPolicy.defaults()); // the policy is of one method
        assertThat(preflight(APP, "GET", null).headers()).containsOnlyKeys("Allow");
        assertThat(preflight(APP, "PUT", null).headers()).containsEntry("Access-Control-Allow-Origin", "*");
        assertThat(preflight(APP, "DELETE", null).headers()).containsOnlyKeys("Allow");
    }

    @Test
    void aPageMayReadFailuresToo() {
        gateway.functions().register("bad", (event, context) -> {
            throw new IllegalStateException("x");
        });
        gateway.subscriptions()
                .create(Subscription.http("GET", "/a")
                        .function("bad")
                        .cors(CorsPolicy.allow(APP))
                        .build());

        assertThat(from(APP).statusCode()).isEqualTo(502);
        assertThat(from(APP).headers()).containsEntry("Access-Control-Allow-Origin", APP);
    }

    @Test
    void aPageMayReadWhatTheGatewayRefusesBeforeAnyFunctionIsCalled() {
        try (EventGateway small = EventGateway.builder().maxPayloadSize(10).build()) {
            small.functions().register("f", (event, context) -> null);
            small.subscriptions()
                    .create(Subscription.http("POST", "/a")
                            .function("f")
                            .cors(CorsPolicy.allow(APP).withCredentials())
                            .build());
            HttpRequest tooLarge = HttpRequest.of("POST", "/a")
                    .header("Origin", APP)
                    .body("text/plain", "eleven char")
                    .build();
            HttpRequest malformed = HttpRequest.received("POST", "/a?b=1")
                    .header("Origin", APP)
                    .header("X-A", "b\r\nc: d")
                    .build();

            assertIsReadable(small.handle(tooLarge), 413);
            assertIsReadable(Outcomes.get(small.handleAsync(tooLarge)), 413);
            assertIsReadable(small.handle(malformed), 400);
        }
    }

    @Test
    void aPageMayReadThatTheGatewayIsClosed() {
        on("GET", CorsPolicy.allow(APP).withCredentials());
        gateway.close();

        assertIsReadable(from(APP), 503);
    }

    private static void assertIsReadable(HttpResponse response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers())
                .containsEntry("Access-Control-Allow-Origin", APP)
                .containsEntry("Access-Control-Allow-Credentials", "true")
                .containsEntry("Vary", "Origin");
    }

    @Test
    void anotherOriginMayReadNoRefusalOfTheGateway() {
        on("GET", CorsPolicy.allow(APP));
        gateway.close();

        assertThat(from("https://evil.example.com").statusCode()).isEqualTo(503);
        assertThat(from("https://evil.example.com").headers()).doesNotContainKey("Access-Control-Allow-Origin");
    }

    @Test
    void aTargetThatIsMalformedHasNoPolicy() {
        on("GET", CorsPolicy.defaults());

        HttpResponse response = gateway.handle(
                HttpRequest.received("GET", "/%zz").header("Origin", APP).build());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers()).doesNotContainKey("Access-Control-Allow-Origin");
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com, https://APP.example.com, true",
        "https://app.example.com, http://app.example.com, false",
        "https://app.example.com, https://app.example.com:8443, false",
        "https://*.example.com, https://a.example.com, true",
        "https://*.example.com, https://a.b.example.com, true",
        "https://*.example.com, https://example.com, false",
        "https://*.example.com, https://evilexample.com, false",
        "https://*.example.com, https://evil.com/.example.com, false",
        "https://*.example.com, https://evil.com:80.example.com, false",
        "https://*.example.com, https://a.example.com.evil.com, false",
        "http://localhost:*, http://localhost:3000, true",
        "http://localhost:*, http://localhost, true",
        "http://localhost:*, http://localhost:3000.evil.com, false",
        "http://localhost:*, http://localhostevil:3000, false",
        "https://app.example.com:443, https://app.example.com, true",
        "https://app.example.com:443, https://app.example.com:8443, false",
        "https://app.example.com:0443, https://app.example.com, true",
        "http://app.example.com:80, http://app.example.com, true",
        "http://app.example.com:443, http://app.example.com, false",
        "HTTPS://APP.EXAMPLE.COM:443, https://app.example.com, true",
        "https://app.example.com, https://app.example.com:443, true",
        "https://*.example.com:443, https://a.example.com, true",
        "https://*.example.com, https://a.example.com:443, true",
        "http://[::1]:80, http://[::1], true",
        "https://app.example.com, null, false"
    })
    void originsAreMatchedByTheirParts(String pattern, String origin, boolean allowed) {
        assertThat(CorsPolicy.allow(pattern).allowsOrigin(origin)).isEqualTo(allowed);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    app.example.com            | a scheme, a host and a port at most
                    https://app.*.com          | a scheme, a host and a port at most
                    https://*                  | a scheme, a host and a port at most
                    https://a*.com             | a scheme, a host and a port at most
                    null                       | a scheme, a host and a port at most
                    ''                         | a scheme, a host and a port at most
                    https://app.example.com/   | no path: browsers send https://app.example.com
                    https://a.example.com/b/c  | no path: browsers send https://a.example.com
                    https://a.example.com:1/b  | no path: browsers send https://a.example.com:1
                    https://a.example.com?b=c  | no query: browsers send https://a.example.com
                    https://a.example.com#b    | no fragment: browsers send https://a.example.com
                    https://a.example.com:70000| a port of 0 to 65535
                    """)
    void whatIsNoOriginIsRefused(String origin, String accepted) {
        assertThatThrownBy(() -> CorsPolicy.allow(origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("origin must ")
                .hasMessageContaining(accepted)
                .hasMessageEndingWith("was '" + origin + "'");
    }

    @Test
    void aHostThatIsNotAsciiIsRefusedWithItsFormInAscii() {
        assertThatThrownBy(() -> CorsPolicy.allow("https://b\u00FCcher.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a host that is not ASCII in its form with xn--");
        assertThat(CorsPolicy.allow("https://xn--bcher-kva.example").origins())
                .containsExactly("https://xn--bcher-kva.example");
    }

    @Test
    void anOriginWithAUserIsRefusedAndItsPasswordIsNotShown() {
        assertThatThrownBy(() -> CorsPolicy.allow("https://u:s3cret@a.example.com:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("origin must have no user: browsers send https://a.example.com:1");
    }

    @Test
    void aPolicyTellsOriginsAsBrowsersSendThem() {
        assertThat(CorsPolicy.allow("HTTPS://App.example.com:443", "http://b.example.com:080", "https://c:8443")
                        .origins())
                .containsExactly("https://app.example.com", "http://b.example.com", "https://c:8443");
    }

    @Test
    void credentialsAreNeverForEverybody() {
        assertThatThrownBy(() -> CorsPolicy.defaults().withCredentials())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowCredentials can't be with '*'");
        assertThatThrownBy(() -> CorsPolicy.allow(APP).withHeaders("*").withCredentials())
                .hasMessageContaining("allowCredentials can't be with '*'");
        assertThatThrownBy(() -> Subscription.fromJson("{\"mode\":\"http\",\"method\":\"GET\",\"path\":\"/a\","
                        + "\"functionId\":\"f\",\"cors\":{\"allowCredentials\":true}}"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("allowCredentials");
    }

    @Test
    void aPolicyThatWouldDoNothingIsRefused() {
        assertThatThrownBy(() -> CorsPolicy.allow()).hasMessageContaining("origins must not be empty");
        assertThatThrownBy(() -> Subscription.http("GET", "/a")
                        .function("f")
                        .cors(CorsPolicy.defaults().withMethods("PUT"))
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("must have the subscription's own, GET");
        assertThatThrownBy(() -> Subscription.to("a")
                        .function("f")
                        .cors(CorsPolicy.defaults())
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("only an http subscription");
    }

    @Test
    void aPolicyIsPartOfTheSubscriptionsJsonForm() {
        Subscription subscription = Subscription.http("POST", "/a")
                .function("f")
                .cors(CorsPolicy.allow(APP)
                        .withMethods("POST", "PUT")
                        .withHeaders("X-A")
                        .withCredentials())
                .authorizer("auth")
                .verify("github")
                .webhookOrigins("a.example.com")
                .build();

        assertThat(Subscription.fromJson(subscription.toJson())).isEqualTo(subscription);
        assertThat(subscription.toBuilder().build()).isEqualTo(subscription);
        assertThat(subscription.toJson())
                .contains("\"cors\":{\"origins\":[\"https://app.example.com\"],\"methods\":[\"POST\",\"PUT\"],"
                        + "\"headers\":[\"X-A\"],\"allowCredentials\":true}")
                .contains("\"authorizer\":\"auth\"", "\"verifier\":\"github\"")
                .contains("\"webhookOrigins\":[\"a.example.com\"]");
        assertThat(Subscription.fromJson(
                                "{\"mode\":\"http\",\"method\":\"GET\",\"path\":\"/a\",\"functionId\":\"f\",\"cors\":{}}")
                        .cors())
                .isEqualTo(CorsPolicy.defaults()); // as Event Gateway 0.9 had it
        assertThat(Subscription.http("GET", "/a").function("f").build().toJson())
                .doesNotContain("cors", "authorizer", "verifier", "webhookOrigins");
    }
}

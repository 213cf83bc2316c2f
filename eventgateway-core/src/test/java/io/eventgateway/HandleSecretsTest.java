package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a client's request reaches neither logs nor those who listen to system events. */
class HandleSecretsTest extends HandledRequests {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Proxy-Authorization",
                "Cookie",
                "Set-Cookie",
                "X-Api-Key",
                "apikey",
                "X-Auth-Token",
                "X-CSRF-Token",
                "X-Amz-Security-Token",
                "X-Hub-Signature-256",
                "X-Client-Secret",
                "X-Session-Id",
                "X-Functions-Key",
                "Ocp-Apim-Subscription-Key",
                "X-Goog-Iap-Jwt-Assertion"
            })
    void systemEventsCarryNoCredentialsAndTheFunctionGetsThem(String header) throws Exception {
        BlockingQueue<Event> told = new LinkedBlockingQueue<>();
        AtomicReference<HttpRequest> seen = new AtomicReference<>();
        gateway.subscribe("gateway.**", told::add);
        on("GET", "/a/:id", (event, context) -> {
            seen.set(event.dataAs(HttpRequest.class));
            return null;
        });

        gateway.handle(HttpRequest.get("/a/1?x=1&access_token=s3cret&y=2&sig=s3cret&code=s3cret")
                .header(header, "Bearer s3cret")
                .header("X-Trace", "t-1")
                .build());

        assertThat(seen.get().headers()).containsEntry(header, "Bearer s3cret");
        assertThat(seen.get().query()).containsEntry("access_token", "s3cret");
        for (int i = 0; i < 3; i++) { // received, invoking, invoked
            Event event = told.poll(10, TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            Event about = event.dataAs(SystemEvent.class).event();
            HttpRequest request = about.dataAs(HttpRequest.class);
            assertThat(event.toJson().toString()).doesNotContain("s3cret").contains("t-1");
            assertThat(request.headers()).containsEntry(header, "***").containsEntry("X-Trace", "t-1");
            assertThat(request.query()).containsEntry("x", "1").containsEntry("y", "2");
            assertThat(request.rawTarget()).isEqualTo("/a/1?x=1&access_token=***&y=2&sig=***&code=***");
            assertThat(request.params()).isEqualTo(Map.of("id", "1"));
        }
    }

    @Test
    void aRequestWithoutCredentialsIsItself() {
        HttpRequest request = HttpRequest.get("/a?b=c").header("X-Trace", "1").build();

        assertThat(request.withoutCredentials()).isSameAs(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a\u001b[2J",
                "/a\u0000b",
                "/a\u202egnp.exe",
                "/a\u2028WARN forged",
                "/a\u2029b",
                "/a\u0085b",
                "/a\u200bb",
                "/a\ufeffb",
                "/a\u00adb",
                "/a\r\nWARN forged",
                "/a\udb40\udc41b"
            })
    void charactersThatDoNotShowAreEscapedInMessages(String target) {
        on("GET", "/x", (event, context) -> null);

        HttpResponse malformed =
                gateway.handle(HttpRequest.received("GET", target + "%zz").build());

        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(malformed.bodyAsString()).contains("\\u").matches("[ -~]*");
        assertThat(HttpRequest.received("GET", target).build().toString()).matches("[ -~]*");
        assertThat(HttpRequest.received(target, "/a").build().toString()).matches("[ -~]*");
        assertThat(HttpRequest.received(target, "/a").build().problem()).matches("[ -~]*");
        assertThat(HttpRequest.received("GET", target.substring(1)).build().problem())
                .matches("[ -~]*");
        assertThat(HttpRequest.received("GET", "/a").header(target, "b").build().problem())
                .matches("[ -~]*");
        assertThat(gateway.handle(HttpRequest.received("GET", "/x?" + target + "=%zz")
                                .build())
                        .bodyAsString())
                .matches("[ -~]*");
    }

    @Test
    void aMessageShowsTheBeginningOfALongTarget() {
        String problem = HttpRequest.received("GET", "/" + "a".repeat(100_000) + "%zz")
                .build()
                .problem();

        assertThat(problem).hasSizeLessThan(500).contains("(100004 characters)");
    }
}

package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers answer may have the secrets that they were sent; what is kept and logged of it has none. */
class HttpSecrecyTest extends HttpFunctionTest {
    private static final String TOKEN = "T0k3n-in-a-path";

    private String message(FunctionDefinition function, String answered) {
        server.enqueue(text(500, answered));
        InvocationException failure = failure(function, Event.of("a", 1));
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertThat(gateway.deadLetters().list().get(0).message()).endsWith(failure.getMessage());
        return printed.toString();
    }

    private FunctionDefinition at(HttpUrl url) {
        return FunctionDefinition.http("hook", url.toString());
    }

    @Test
    void aTokenInThePathIsNotShown() {
        String message = message(at(server.url("/services/" + TOKEN)), "no such path: /services/" + TOKEN);

        assertThat(message).contains("no such path").doesNotContain(TOKEN);
    }

    @Test
    void aTokenInTheQueryIsNotShownHoweverItIsWritten() {
        HttpUrl url = server.url("/hooks")
                .newBuilder()
                .addQueryParameter("sig", "s3cr/t+1=")
                .build();

        String message =
                message(at(url), "got s3cr/t+1= and s3cr%2Ft%2B1%3D and \"s3cr\\/t+1=\" at ?sig=s3cr/t%2B1%3D");

        assertThat(message).contains("got ***").doesNotContain("s3cr");
    }

    @Test
    void aUserNameAndAPasswordAreNotShownNorTheirBase64() {
        HttpUrl url = server.url("/hooks")
                .newBuilder()
                .username("al1ce")
                .password("p4ssw0rd")
                .build();
        String basic = Base64.getEncoder().encodeToString("al1ce:p4ssw0rd".getBytes());

        String message = message(at(url), "Authorization: Basic " + basic + " is al1ce with p4ssw0rd");

        assertThat(message).contains("500").doesNotContain("al1ce", "p4ssw0rd", basic);
    }

    @Test
    void anEchoedAuthorizationIsNotShownNorItsBase64() {
        FunctionDefinition function = function().with("headers", Map.of("Authorization", "Bearer abc.def.ghi"));
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString("abc.def.ghi".getBytes());

        String message = message(function, "you sent 'Bearer abc.def.ghi', token abc.def.ghi, encoded " + encoded);

        assertThat(message).contains("you sent").doesNotContain("abc.def", encoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "xy", "xyz"})
    void aSecretIsNotShownInTheBase64OfMoreThanItself(String before) {
        byte[] more = (before + TOKEN + "z").getBytes();

        String message = message(
                at(server.url("/services/" + TOKEN)),
                "got " + Base64.getEncoder().encodeToString(more) + " and "
                        + Base64.getUrlEncoder().encodeToString(more));

        assertThat(message).containsPattern("got [^ ]{0,4}\\*\\*\\*[^ ]{0,4} and [^ ]{0,4}\\*\\*\\*[^ \n]{0,4}\\s");
    }

    @Test
    void aSecretIsNotShownInHexadecimalNorWithItsLettersPercentEncoded() {
        String hex = HexFormat.of().formatHex(TOKEN.getBytes());
        String percent = "%" + HexFormat.ofDelimiter("%").formatHex(TOKEN.getBytes());

        String message = message(
                at(server.url("/services/" + TOKEN)),
                "got " + hex + " " + hex.toUpperCase(Locale.ROOT) + " " + percent);

        assertThat(message).contains("got *** *** ***");
    }

    @Test
    void aSecretInAStatusLineIsNotShownNorInTheCause() {
        server.enqueue(
                new MockResponse.Builder().status("HTTP/9.9 500 " + TOKEN).build());

        InvocationException failure = failure(at(server.url("/services/" + TOKEN)), Event.of("a", 1));

        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString()).contains("answered what can't be read").doesNotContain(TOKEN);
    }

    @Test
    void aFunctionShowsNothingOfItsUrlButItsHost() {
        server.close();

        InvocationException failure = failure(at(server.url("/services/" + TOKEN)), Event.of("a", 1));

        assertThat(failure.getMessage()).contains("http://").doesNotContain(TOKEN);
    }

    @Test
    void aHeaderThatCannotBeSentIsNotShown() {
        assertThatThrownBy(
                        () -> gateway.functions().register(function().with("headers", Map.of("X-Key", "s3cret\u0000"))))
                .hasMessageContaining("headers.X-Key")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x1B, 0x7F, 0x85, 0x202E, 0x2028, 0x2029, 0x200B, 0xFEFF, 0x2066, 0xE0041})
    void charactersThatActOnATerminalOrDoNotShowAreNotInMessages(int character) {
        String bad = Character.toString(character);

        String message = message(function(), "before" + bad + "after");

        assertThat(message).contains("before").doesNotContain("before" + bad);
    }
}

package io.eventgateway.invokers.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.InvocationException;
import io.eventgateway.spi.Secret;
import io.eventgateway.spi.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Instant AT = Instant.ofEpochSecond(1_614_265_330);
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String BODY = "{\"test\": 2432232314}";

    private static Request request() {
        return new Request.Builder()
                .url("http://localhost/")
                .header("webhook-id", ID)
                .post(new BytesBody(BODY.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static Request signed(Secret... keys) {
        return new WebhookSignature(new SigningSettings(List.of(keys)), () -> AT)
                .authenticate(request())
                .toCompletableFuture()
                .join();
    }

    /** The expected signature is what npm's {@code standardwebhooks} 1.0.0 makes of the same key, id, time and body. */
    @Test
    void aSharedSecretSignsIdTimeAndBody() {
        Request signed = signed(Secret.of(KEY));

        assertThat(signed.header("webhook-id")).isEqualTo(ID);
        assertThat(signed.header("webhook-timestamp")).isEqualTo("1614265330");
        assertThat(signed.header("webhook-signature")).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void aPrivateKeySignsForWhoeverHasThePublicOne() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPrivate().getEncoded();
        String seed =
                Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));

        String signature = signed(Secret.of("whsk_" + seed)).header("webhook-signature");

        assertThat(signature).startsWith("v1a,");
        assertThat(verifies(pair.getPublic(), signature.substring("v1a,".length())))
                .isTrue();
    }

    private static boolean verifies(PublicKey key, String signature) throws Exception {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update((ID + ".1614265330." + BODY).getBytes(StandardCharsets.UTF_8));
        return verifier.verify(Base64.getDecoder().decode(signature));
    }

    @Test
    void twoKeysMakeTwoSignaturesWhileReceiversChangeTheirs() {
        String other = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

        String both = signed(Secret.of(KEY), Secret.of(other)).header("webhook-signature");

        assertThat(both)
                .isEqualTo(signed(Secret.of(KEY)).header("webhook-signature") + " "
                        + signed(Secret.of(other)).header("webhook-signature"));
    }

    @Test
    void aRotatedKeySignsFromTheNextRequestOn() {
        Map<String, String> vault = new ConcurrentHashMap<>(Map.of("key", KEY));
        WebhookSignature signing = new WebhookSignature(
                new SigningSettings(List.of(Secret.of("${vault:key}", List.of(new Secrets() {
                    @Override
                    public String scheme() {
                        return "vault";
                    }

                    @Override
                    public @Nullable String resolve(String name) {
                        return vault.get(name);
                    }
                })))),
                () -> AT);
        String before = signature(signing);

        vault.put("key", "whsec_" + Base64.getEncoder().encodeToString(new byte[32]));
        assertThat(signature(signing)).startsWith("v1,").isNotEqualTo(before);

        vault.put("key", "hunter2");
        assertThatThrownBy(() -> signature(signing))
                .isInstanceOf(InvocationException.class)
                .hasMessageContaining("whsec_")
                .hasMessageNotContaining("hunter2");
    }

    private static @Nullable String signature(WebhookSignature signing) {
        return signing.authenticate(request()).toCompletableFuture().join().header("webhook-signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "whsec_", "whsec_!!", "whsec_c2hvcnQ=", "whsk_c2hvcnQ=", "whpk_c2hvcnQ="})
    void whatIsNoKeyIsRefusedWithoutBeingShown(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of(Secret.of(key))))
                .withMessageContaining("'signing.keys'")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void oneToFiveKeysAreTaken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of()))
                .withMessageContaining("1 to 5 keys");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of(
                        Secret.of(KEY),
                        Secret.of(KEY),
                        Secret.of(KEY),
                        Secret.of(KEY),
                        Secret.of(KEY),
                        Secret.of(KEY))))
                .withMessageContaining("had 6");
    }
}

package io.eventgateway.gcp;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.invokers.client.Answer;
import io.eventgateway.invokers.client.BytesBody;
import io.eventgateway.invokers.client.HttpSender;
import io.eventgateway.invokers.client.OwnVersion;
import io.eventgateway.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import okhttp3.Request;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Identity tokens of a service account, which Google's token endpoint gives for an assertion that its key signs. Closes its sender. */
record KeyTokens(String functionId, Secret key, HttpSender sender, InstantSource clock) implements TokenSource {
    private static final String GRANT = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";

    @Override
    public CompletableFuture<String> token(String audience) {
        ServiceAccountKey account;
        try {
            account = ServiceAccountKey.parse(key.value());
        } catch (IllegalArgumentException e) { // of a secret that was read just now
            throw new InvocationException(
                    Kind.CALL_FAILED, true, "function '" + functionId + "' can't be called: " + e.getMessage());
        }
        String form = GRANT + account.assertion(audience, clock.instant()); // base64url and dots need no encoding
        Request request = new Request.Builder()
                .url(account.tokenUri())
                .header("User-Agent", OwnVersion.USER_AGENT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .post(new BytesBody(form.getBytes(StandardCharsets.US_ASCII)))
                .build();
        String what = "the token endpoint of function '" + functionId + "'";
        return sender.send(new HttpSender.Sending(what, request, PATIENCE, MAX_BYTES, true))
                .thenApply(answer -> token(what, answer));
    }

    private static String token(String what, Answer answer) {
        if (!answer.isSuccessful()) {
            throw TokenSource.refusal(answer);
        }
        String token = "";
        try {
            token = JsonMapper.shared().readTree(answer.body()).path("id_token").asString("");
        } catch (JacksonException e) {
            // the message below says it, without what was answered
        }
        if (token.isEmpty()) {
            throw new InvocationException(
                    Kind.PROVIDER_ERROR, true, what + " answered no JSON object with an 'id_token'");
        }
        return token;
    }

    @Override
    public void close() {
        sender.close();
    }

    @Override
    public String toString() {
        return "KeyTokens[" + functionId + "]";
    }
}

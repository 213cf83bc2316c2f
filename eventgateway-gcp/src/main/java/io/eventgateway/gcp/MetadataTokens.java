package io.eventgateway.gcp;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.invokers.client.Answer;
import io.eventgateway.invokers.client.HttpSender;
import io.eventgateway.invokers.client.OwnVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** Identity tokens of the machine's default service account, which the metadata server of Google Cloud gives. Closes its sender. */
record MetadataTokens(String functionId, HttpUrl server, HttpSender sender) implements TokenSource {
    private static final String FLAVOR = "Metadata-Flavor";
    private static final String GOOGLE = "Google";

    @Override
    public CompletableFuture<String> token(String audience) {
        HttpUrl url = server.newBuilder()
                .addPathSegments("computeMetadata/v1/instance/service-accounts/default/identity")
                .addQueryParameter("audience", audience)
                .build();
        Request request = new Request.Builder()
                .url(url)
                .header(FLAVOR, GOOGLE)
                .header("User-Agent", OwnVersion.USER_AGENT)
                .build();
        String what = "the metadata server of function '" + functionId + "'";
        return sender.send(new HttpSender.Sending(what, request, PATIENCE, MAX_BYTES, true))
                .thenApply(answer -> token(what, answer));
    }

    private static String token(String what, Answer answer) {
        if (!answer.isSuccessful()) {
            throw TokenSource.refusal(answer);
        }
        if (!GOOGLE.equals(answer.header(FLAVOR))) {
            throw new InvocationException(
                    Kind.PROVIDER_ERROR,
                    true,
                    what + " answered without Metadata-Flavor: Google, so it is another server");
        }
        return new String(answer.body(), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void close() {
        sender.close();
    }
}

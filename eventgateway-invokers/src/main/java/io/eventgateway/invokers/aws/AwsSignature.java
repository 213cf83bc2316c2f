package io.eventgateway.invokers.aws;

import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.BytesBody;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** Signs HTTP requests for a service of AWS (Signature Version 4). Thread-safe. */
public final class AwsSignature implements Authentication {
    /** What the way to the service may change, which a signature must not cover. */
    private static final Set<String> UNSIGNED = Set.of("user-agent", "connection", "accept-encoding", "expect");

    private final String service;
    private final String region;
    private final @Nullable AwsCredentialsProvider configured;
    private final @Nullable DefaultCredentialsProvider chain;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    /**
     * A signature with the credentials of an access, for its region.
     *
     * @param service the service's name in signatures, such as {@code lambda}
     */
    public AwsSignature(String service, AwsAccess access) {
        this.service = service;
        this.region = access.region();
        this.configured = access.credentials();
        this.chain = configured == null ? DefaultCredentialsProvider.builder().build() : null;
    }

    @Override
    public CompletionStage<Request> authenticate(Request request) {
        if (configured != null) {
            return CompletableFuture.completedFuture(signed(request, configured.resolveCredentials()));
        }
        DefaultCredentialsProvider looked = chain;
        return looked == null
                ? CompletableFuture.completedFuture(request)
                : CompletableFuture.supplyAsync(looked::resolveCredentials) // it may ask the machine's metadata service
                        .thenApply(credentials -> signed(request, credentials));
    }

    private Request signed(Request request, AwsCredentials credentials) {
        SdkHttpRequest.Builder unsigned =
                SdkHttpRequest.builder().uri(request.url().uri()).method(SdkHttpMethod.fromValue(request.method()));
        Headers headers = request.headers();
        for (String name : headers.names()) {
            if (!UNSIGNED.contains(name.toLowerCase(Locale.ROOT))) {
                unsigned.putHeader(name, headers.values(name));
            }
        }
        RequestBody body = request.body();
        byte[] content = body instanceof BytesBody bytes ? bytes.bytes() : new byte[0];
        SdkHttpRequest signed = signer.sign(sign -> sign.identity(credentials)
                        .request(unsigned.build())
                        .payload(ContentStreamProvider.fromByteArrayUnsafe(content))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region))
                .request();
        Request.Builder proven = request.newBuilder();
        for (String name : List.of("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "x-amz-content-sha256")) {
            signed.firstMatchingHeader(name).ifPresent(value -> proven.header(name, value));
        }
        return proven.build();
    }

    @Override
    public void close() {
        if (chain != null) {
            chain.close();
        }
    }
}

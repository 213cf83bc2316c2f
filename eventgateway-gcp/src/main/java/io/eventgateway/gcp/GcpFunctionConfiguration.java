package io.eventgateway.gcp;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.client.CallOptions;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.EndpointUrl;
import io.eventgateway.invokers.client.EventRequests.Mode;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import java.util.Locale;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of a {@code gcpfunction} function may say.
 *
 * @param url of the Cloud Function or the Cloud Run service; required
 * @param audience of the identity token; the URL without its query unless said
 * @param authenticate whether an identity token is sent; true unless said
 * @param serviceAccountKey the JSON of a service account's key, whose identity the token has; the machine's own unless said
 * @param mode how the event is sent, {@code binary} unless said
 * @param connectTimeout as for {@code http}, and so the others
 */
record GcpFunctionConfiguration(
        @Nullable Secret url,
        @Nullable Secret audience,
        @Nullable Boolean authenticate,
        @Nullable Secret serviceAccountKey,
        @Nullable Mode mode,
        @Nullable Duration connectTimeout,
        @Nullable Duration callTimeout,
        @Nullable Integer maxResponseBytes,
        @Nullable NetworkPolicy network,
        @Nullable Secret proxy) {
    /**
     * Where the metadata server is, and others like it, of which the URL of a function is none: what they answer is secret. This library
     * alone calls it.
     */
    static final NetworkPolicy NOT_LINK_LOCAL = NetworkPolicy.builder()
            .deny("169.254.0.0/16", "fe80::/10", "fd20:ce::254")
            .build();

    GcpFunctionConfiguration {
        boolean isAuthenticated = !Boolean.FALSE.equals(authenticate);
        EndpointUrl unused = endpoint(url, isAuthenticated);
        if (!isAuthenticated && (audience != null || serviceAccountKey != null)) {
            throw new IllegalArgumentException("'" + (audience != null ? "audience" : "serviceAccountKey")
                    + "' is for an identity token, but 'authenticate' is false");
        }
        if (audience != null && !audience.isReference() && audience.value().isBlank()) {
            throw new IllegalArgumentException("'audience' must not be empty");
        }
        if (serviceAccountKey != null && !serviceAccountKey.isReference()) {
            ServiceAccountKey unusedKey = ServiceAccountKey.parse(serviceAccountKey.value());
        }
        CallOptions unusedOptions = new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    private static EndpointUrl endpoint(@Nullable Secret url, boolean isAuthenticated) {
        return new EndpointUrl("url", url, parsed -> {
            if (isAuthenticated) {
                EndpointUrl.checkEncrypted("url", parsed);
            }
            checkIsFunction(parsed);
        });
    }

    private static void checkIsFunction(HttpUrl url) {
        String host = url.host().toLowerCase(Locale.ROOT);
        if (host.equals("metadata") || host.equals("metadata.google.internal") || host.equals("metadata.goog")) {
            throw new IllegalArgumentException("'url' must be a function's, was the metadata server's");
        }
    }

    EndpointUrl endpoint() {
        return endpoint(url, isAuthenticated());
    }

    boolean isAuthenticated() {
        return !Boolean.FALSE.equals(authenticate);
    }

    /** The audience: who an identity token for a URL is meant for. */
    String audienceOf(HttpUrl called) {
        if (audience != null) {
            return audience.value();
        }
        String bare = called.newBuilder()
                .username("")
                .password("")
                .query(null)
                .fragment(null)
                .build()
                .toString();
        boolean isRoot = called.encodedPath().equals("/"); // Cloud Run's own form of it has no slash
        return isRoot ? bare.substring(0, bare.length() - 1) : bare;
    }

    Mode sentAs() {
        return mode == null ? Mode.binary : mode;
    }

    CallOptions options() {
        return new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    ConnectionSettings connections(NetworkPolicy gateway) {
        ConnectionSettings settings = options().connections(gateway).withPolicy(NOT_LINK_LOCAL);
        endpoint().checkAllowed(settings);
        return settings;
    }

    /** Says nothing of it, since all of it may be secret. */
    @Override
    public String toString() {
        return "GcpFunctionConfiguration[" + sentAs() + "]";
    }
}

package io.eventgateway.azure;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.CallOptions;
import io.eventgateway.invokers.client.EndpointUrl;
import io.eventgateway.invokers.client.EventRequests.Mode;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code azurefunction} function may say.
 *
 * @param url of the function, which may have its key in the query; required
 * @param key the function's key, or the host's, which is sent as {@code x-functions-key}; none unless said
 * @param mode how the event is sent, {@code binary} unless said
 * @param connectTimeout as for {@code http}, and so the others
 */
record AzureFunctionConfiguration(
        @Nullable Secret url,
        @Nullable Secret key,
        @Nullable Mode mode,
        @Nullable Duration connectTimeout,
        @Nullable Duration callTimeout,
        @Nullable Integer maxResponseBytes,
        @Nullable NetworkPolicy network,
        @Nullable Secret proxy) {
    AzureFunctionConfiguration {
        EndpointUrl unused = endpoint(url, key);
        SecretText.check("key", key);
        CallOptions unusedOptions = new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    private static EndpointUrl endpoint(@Nullable Secret url, @Nullable Secret key) {
        return new EndpointUrl("url", url, parsed -> {
            boolean hasCode = parsed.queryParameter("code") != null;
            if (hasCode && key != null) {
                throw new IllegalArgumentException("'key' must not be said where the 'url' has a 'code'");
            }
            if (hasCode || key != null) {
                EndpointUrl.checkEncrypted("url", parsed);
            }
        });
    }

    EndpointUrl endpoint() {
        return endpoint(url, key);
    }

    Authentication authentication() {
        return key == null ? Authentication.none() : new SecretText("key", "x-functions-key", key);
    }

    Mode sentAs() {
        return mode == null ? Mode.binary : mode;
    }

    CallOptions options() {
        return new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    /** Says the mode alone, since the rest may be secret. */
    @Override
    public String toString() {
        return "AzureFunctionConfiguration[" + sentAs() + "]";
    }
}

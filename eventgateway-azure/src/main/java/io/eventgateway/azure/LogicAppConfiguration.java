package io.eventgateway.azure;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.client.CallOptions;
import io.eventgateway.invokers.client.EndpointUrl;
import io.eventgateway.invokers.client.EventRequests.Mode;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code azurelogicapp} function may say.
 *
 * @param url of the workflow's request trigger, with its signature, so that all of it is secret; required
 * @param mode how the event is sent, {@code binary} unless said
 * @param connectTimeout as for {@code http}, and so the others
 */
record LogicAppConfiguration(
        @Nullable Secret url,
        @Nullable Mode mode,
        @Nullable Duration connectTimeout,
        @Nullable Duration callTimeout,
        @Nullable Integer maxResponseBytes,
        @Nullable NetworkPolicy network,
        @Nullable Secret proxy) {
    LogicAppConfiguration {
        EndpointUrl unused = endpoint(url);
        CallOptions unusedOptions = new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    private static EndpointUrl endpoint(@Nullable Secret url) {
        return new EndpointUrl("url", url, LogicAppConfiguration::check);
    }

    private static void check(HttpUrl url) {
        EndpointUrl.checkEncrypted("url", url);
        String signature = url.queryParameter("sig");
        if (signature == null || signature.isEmpty() || url.queryParameter("api-version") == null) {
            throw new IllegalArgumentException(
                    "'url' must be a request trigger's whole URL, with 'api-version' and its signature, 'sig'");
        }
    }

    EndpointUrl endpoint() {
        return endpoint(url);
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
        return "LogicAppConfiguration[" + sentAs() + "]";
    }
}

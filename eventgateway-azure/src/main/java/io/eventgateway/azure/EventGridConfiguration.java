package io.eventgateway.azure;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.CallOptions;
import io.eventgateway.invokers.client.EndpointUrl;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import java.time.InstantSource;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code azureeventgrid} function may say.
 *
 * @param endpoint of the topic or domain, {@code https://...eventgrid.azure.net/api/events}; required
 * @param key an access key, which is sent as {@code aeg-sas-key}; either this or {@code sasToken} is required
 * @param sas whether the key is not sent, but signs a token for an hour that is sent; false unless said
 * @param sasToken a token that somebody else has signed, which is sent as {@code aeg-sas-token}
 * @param apiVersion {@code 2018-01-01} unless said
 * @param connectTimeout as for {@code http}, and so the others
 */
record EventGridConfiguration(
        @Nullable Secret endpoint,
        @Nullable Secret key,
        @Nullable Boolean sas,
        @Nullable Secret sasToken,
        @Nullable String apiVersion,
        @Nullable Duration connectTimeout,
        @Nullable Duration callTimeout,
        @Nullable Integer maxResponseBytes,
        @Nullable NetworkPolicy network,
        @Nullable Secret proxy) {
    private static final String DEFAULT_VERSION = "2018-01-01";

    EventGridConfiguration {
        EndpointUrl unused = endpointUrl(endpoint);
        if ((key == null) == (sasToken == null)) {
            throw new IllegalArgumentException("either 'key' or 'sasToken' must be said, "
                    + (key == null ? "both were missing" : "both were there"));
        }
        if (Boolean.TRUE.equals(sas) && key == null) {
            throw new IllegalArgumentException("'sas' is for a 'key', and 'sasToken' is signed already");
        }
        SecretText.check("key", key);
        SecretText.check("sasToken", sasToken);
        if (Boolean.TRUE.equals(sas) && key != null && !key.isReference()) {
            byte[] unusedKey = SasAuthentication.decoded(key.value());
        }
        if (apiVersion != null && !apiVersion.matches("\\d{4}-\\d{2}-\\d{2}(-preview)?")) {
            throw new IllegalArgumentException(
                    "'apiVersion' must be a date such as 2018-01-01, was '" + apiVersion + "'");
        }
        CallOptions unusedOptions = new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    private static EndpointUrl endpointUrl(@Nullable Secret endpoint) {
        return new EndpointUrl("endpoint", endpoint, EventGridConfiguration::check);
    }

    private static void check(HttpUrl url) {
        EndpointUrl.checkEncrypted("endpoint", url);
        if (!url.encodedPath().endsWith("/api/events") || url.query() != null) {
            throw new IllegalArgumentException(
                    "'endpoint' must be the endpoint of a topic, which ends in /api/events, without a query");
        }
    }

    EndpointUrl endpointUrl() {
        return endpointUrl(endpoint);
    }

    /** Where events are published at an endpoint. */
    HttpUrl publishing(HttpUrl topic) {
        return topic.newBuilder()
                .addQueryParameter("api-version", apiVersion == null ? DEFAULT_VERSION : apiVersion)
                .build();
    }

    Authentication authentication(InstantSource clock) {
        if (key != null) {
            return Boolean.TRUE.equals(sas)
                    ? new SasAuthentication(key, clock)
                    : new SecretText("key", "aeg-sas-key", key);
        }
        return sasToken == null ? Authentication.none() : new SecretText("sasToken", "aeg-sas-token", sasToken);
    }

    CallOptions options() {
        return new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    /** Says nothing of it, since all of it may be secret. */
    @Override
    public String toString() {
        return "EventGridConfiguration[]";
    }
}

package io.eventgateway.invokers.aws;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.Secret;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Where AWS is called, and as whom: what functions that may share a client have in common. An immutable value, whose {@code toString}
 * never shows credentials.
 *
 * @param region such as {@code us-east-1}
 * @param endpoint where the service's API is; null for where the SDK knows it
 * @param accessKeyId with {@code secretAccessKey}: credentials; null for the SDK's default chain
 * @param secretAccessKey null exactly when {@code accessKeyId} is
 * @param sessionToken of temporary credentials; null for none
 * @param network the addresses that a connection may be made to
 */
public record AwsAccess(
        String region,
        @Nullable String endpoint,
        @Nullable Secret accessKeyId,
        @Nullable Secret secretAccessKey,
        @Nullable Secret sessionToken,
        NetworkPolicy network) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /**
     * Checks the entries that every function type on AWS has.
     *
     * @throws IllegalArgumentException if one is not valid; the message names the entry, and its value unless it may be secret
     */
    public static void check(
            @Nullable String region,
            @Nullable String endpoint,
            @Nullable Secret accessKeyId,
            @Nullable Secret secretAccessKey,
            @Nullable Secret sessionToken) {
        if (region != null && !AwsNames.isRegion(region)) {
            throw new IllegalArgumentException(
                    "'region' must be an AWS region such as us-east-1 or eusc-de-east-1, was '" + region + "'");
        }
        if (endpoint != null && !isHttpUrl(endpoint)) {
            throw new IllegalArgumentException("'endpoint' must be an http or https URL without user and query");
        }
        if ((accessKeyId == null) != (secretAccessKey == null)) {
            throw new IllegalArgumentException("'accessKeyId' and 'secretAccessKey' go together, one is missing");
        }
        if (sessionToken != null && accessKeyId == null) {
            throw new IllegalArgumentException("'sessionToken' needs 'accessKeyId' and 'secretAccessKey'");
        }
    }

    /** An access whose endpoint's scheme and port the policy allows; its addresses are checked when a connection is made.
     *
     * @throws IllegalArgumentException if the policy does not allow the scheme or the port
     */
    public AwsAccess {
        check(region, endpoint, accessKeyId, secretAccessKey, sessionToken);
        if (endpoint != null) {
            URI uri = URI.create(endpoint);
            requireAllowed("endpoint", uri, network);
        }
    }

    /**
     * The access of a function.
     *
     * @param region null for one that its configuration should have said
     * @throws InvalidFunctionException if the region is missing, or the network policy does not allow the endpoint
     */
    public static AwsAccess of(
            FunctionDefinition function,
            @Nullable String region,
            @Nullable String endpoint,
            @Nullable Secret accessKeyId,
            @Nullable Secret secretAccessKey,
            @Nullable Secret sessionToken,
            NetworkPolicy network) {
        try {
            if (region == null) {
                throw new IllegalArgumentException("'region' must be said, such as us-east-1, was missing");
            }
            return new AwsAccess(region, endpoint, accessKeyId, secretAccessKey, sessionToken, network);
        } catch (IllegalArgumentException e) {
            throw new InvalidFunctionException("provider of function '" + function.functionId() + "' (type "
                    + function.type() + "): " + e.getMessage());
        }
    }

    /**
     * Checks the scheme and the port of a URL.
     *
     * @param entry of the configuration, for the message
     * @throws IllegalArgumentException if the policy does not allow them
     */
    public static void requireAllowed(String entry, URI url, NetworkPolicy network) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        String refusal = network.refusal(scheme, port);
        if (refusal != null) {
            throw new IllegalArgumentException("'" + entry + "' is not allowed by the network policy: " + refusal);
        }
    }

    /** Returns whether a text is an http or https URL with a host, without a user, a query and a fragment. */
    public static boolean isHttpUrl(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The configured credentials, whose secrets are resolved for each call; null for the SDK's default chain. */
    public @Nullable AwsCredentialsProvider credentials() {
        Secret id = accessKeyId;
        Secret key = secretAccessKey;
        Secret token = sessionToken;
        if (id == null || key == null) {
            return null;
        }
        return () -> token == null
                ? AwsBasicCredentials.create(id.value(), key.value())
                : AwsSessionCredentials.create(id.value(), key.value(), token.value());
    }

    @Override
    public String toString() {
        return "AwsAccess[" + region + (endpoint == null ? "" : ", " + endpoint) + "]";
    }
}

package io.eventgateway.invokers.client;

import io.eventgateway.spi.Secret;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The {@code auth} entry of a function's configuration.
 *
 * @param type how the function is told who calls
 * @param token of {@code bearer}
 * @param username of {@code basic}
 * @param password of {@code basic}
 * @param name of the header of {@code header}
 * @param value of the header of {@code header}
 * @param tokenUrl where {@code oauth2} gets its tokens (RFC 6749, section 3.2)
 * @param clientId of {@code oauth2}
 * @param clientSecret of {@code oauth2}
 * @param scope that {@code oauth2} asks for; none unless said
 * @param audience that {@code oauth2} asks for, as some authorization servers want it; none unless said
 */
public record AuthSettings(
        @Nullable Type type,
        @Nullable Secret token,
        @Nullable Secret username,
        @Nullable Secret password,
        @Nullable String name,
        @Nullable Secret value,
        @Nullable String tokenUrl,
        @Nullable Secret clientId,
        @Nullable Secret clientSecret,
        @Nullable String scope,
        @Nullable String audience) {
    /** How a function is told who calls. */
    public enum Type {
        /** {@code Authorization: Bearer} with a token that is given. */
        bearer,
        /** A user's name and password. */
        basic,
        /** A header with a secret value. */
        header,
        /** A bearer token that an authorization server gives for the client's credentials (RFC 6749, section 4.4). */
        oauth2
    }

    /** Checks that each type has what it needs, and nothing of another. */
    public AuthSettings {
        if (type == null) {
            throw new IllegalArgumentException("'auth.type' must be bearer, basic, header or oauth2, was missing");
        }
        check(type, Type.bearer, "token", token, true);
        check(type, Type.basic, "username", username, true);
        check(type, Type.basic, "password", password, true);
        check(type, Type.header, "name", name, true);
        check(type, Type.header, "value", value, true);
        check(type, Type.oauth2, "tokenUrl", tokenUrl, true);
        check(type, Type.oauth2, "clientId", clientId, true);
        check(type, Type.oauth2, "clientSecret", clientSecret, true);
        check(type, Type.oauth2, "scope", scope, false);
        check(type, Type.oauth2, "audience", audience, false);
        if (name != null) {
            checkName(name);
        }
        if (tokenUrl != null && HttpUrl.parse(tokenUrl) == null) {
            throw new IllegalArgumentException("'auth.tokenUrl' must be an http or https URL");
        }
    }

    private static void check(Type type, Type of, String entry, @Nullable Object value, boolean required) {
        if (type == of && required && value == null) {
            throw new IllegalArgumentException("'auth." + entry + "' is required for the type " + type);
        }
        if (type != of && value != null) {
            throw new IllegalArgumentException("'auth." + entry + "' is of the type " + of + ", not of " + type);
        }
    }

    private static void checkName(String name) {
        try {
            new Headers.Builder().set(name, "");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'auth.name' must be the name of a header, was '" + name + "'", e);
        }
        OwnHeaders.check("auth.name", name);
    }

    /**
     * What adds it to requests.
     *
     * @param functionId for messages
     * @param clients that an authorization server is called with
     * @param connections of the function, whose network policies hold for the authorization server, too
     */
    public Authentication authentication(String functionId, HttpClients clients, ConnectionSettings connections) {
        if (token != null) {
            return Authentication.bearer(token);
        }
        if (username != null && password != null) {
            return Authentication.basic(username, password);
        }
        if (name != null && value != null) {
            return Authentication.header(name, value);
        }
        if (tokenUrl == null || clientId == null || clientSecret == null) {
            throw new IllegalStateException("the type " + type + " has all it needs");
        }
        HttpUrl url = HttpUrl.get(tokenUrl);
        String refusal = connections.refusal(url.scheme(), url.port());
        if (refusal != null) {
            throw new IllegalArgumentException("'auth.tokenUrl' may not be called: " + refusal);
        }
        return new ClientCredentials(
                functionId,
                clients.open(connections),
                new ClientCredentials.Client(url, clientId, clientSecret, scope, audience),
                System::nanoTime);
    }

    /** Says the type, since the rest may be secret. */
    @Override
    public String toString() {
        return "AuthSettings[" + type + "]";
    }
}

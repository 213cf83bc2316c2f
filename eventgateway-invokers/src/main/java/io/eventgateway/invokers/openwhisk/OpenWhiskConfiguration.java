package io.eventgateway.invokers.openwhisk;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.client.CallOptions;
import io.eventgateway.invokers.client.EndpointUrl;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code openwhisk} function may say.
 *
 * @param apiHost the URL of the OpenWhisk API, without {@code /api/v1}; required
 * @param namespace of the action; {@code _}, the one that the key belongs to, unless said
 * @param action {@code name} or {@code package/name}; required
 * @param auth the namespace's key, {@code uuid:key}; required
 * @param blocking whether the call waits for the action's result; true unless said
 * @param mode what the action's parameters are: the {@code data} unless said, or the whole event, {@code structured}
 * @param connectTimeout as for {@code http}, and so the others
 */
record OpenWhiskConfiguration(
        @Nullable Secret apiHost,
        @Nullable String namespace,
        @Nullable String action,
        @Nullable Secret auth,
        @Nullable Boolean blocking,
        @Nullable Mode mode,
        @Nullable Duration connectTimeout,
        @Nullable Duration callTimeout,
        @Nullable Integer maxResponseBytes,
        @Nullable NetworkPolicy network,
        @Nullable Secret proxy) {
    /** A name of an entity: a letter, digit or underscore, then also spaces, and the marks {@code @ . -}. */
    private static final String NAME = "\\w(?:[\\w@ .-]{0,254}[\\w@.-])?";

    private static final Pattern NAMESPACE = Pattern.compile(NAME);
    private static final Pattern ACTION = Pattern.compile(NAME + "(?:/" + NAME + ")?");

    /** What an action gets. */
    enum Mode {
        /** The event's data. */
        data,
        /** The event in CloudEvents' JSON form. */
        structured
    }

    OpenWhiskConfiguration {
        EndpointUrl unused = endpoint(apiHost);
        if (namespace != null && !NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("'namespace' must be a namespace's name, was '" + namespace + "'");
        }
        if (action == null || !ACTION.matcher(action).matches()) {
            throw new IllegalArgumentException("'action' must be 'name' or 'package/name', was "
                    + (action == null ? "missing" : "'" + action + "'"));
        }
        if (auth == null || (!auth.isReference() && !isKey(auth.value()))) {
            throw new IllegalArgumentException(
                    "'auth' must be a namespace's key, 'uuid:key', was " + (auth == null ? "missing" : "none"));
        }
        CallOptions unusedOptions = new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    static boolean isKey(String text) {
        return text.matches("[^\\s:]+:[^\\s:]+");
    }

    private static EndpointUrl endpoint(@Nullable Secret apiHost) {
        return new EndpointUrl("apiHost", apiHost, OpenWhiskConfiguration::checkHost);
    }

    private static void checkHost(HttpUrl url) {
        EndpointUrl.checkEncrypted("apiHost", url);
        if ((url.encodedPath() + "/").contains("/api/v1/")) {
            throw new IllegalArgumentException(
                    "'apiHost' must be the URL of the API without /api/v1, which is added to it, had it");
        }
    }

    EndpointUrl endpoint() {
        return endpoint(apiHost);
    }

    /** The URL of the namespace at an API host. */
    HttpUrl namespaceAt(HttpUrl host) {
        HttpUrl.Builder url = host.newBuilder().query(null).fragment(null);
        if (host.pathSegments().get(host.pathSize() - 1).isEmpty()) {
            url.removePathSegment(host.pathSize() - 1);
        }
        return url.addPathSegments("api/v1/namespaces")
                .addPathSegment(namespace == null ? "_" : namespace)
                .build();
    }

    /** The URL that invokes the action. */
    HttpUrl invocationAt(HttpUrl host) {
        return namespaceAt(host)
                .newBuilder()
                .addPathSegment("actions")
                .addPathSegments(String.valueOf(action))
                .addQueryParameter("blocking", String.valueOf(waits()))
                .addQueryParameter("result", "false")
                .build();
    }

    Secret key() {
        return auth == null ? Secret.of("") : auth; // checked by the constructor
    }

    boolean waits() {
        return !Boolean.FALSE.equals(blocking);
    }

    boolean isStructured() {
        return mode == Mode.structured;
    }

    CallOptions options() {
        return new CallOptions(connectTimeout, callTimeout, maxResponseBytes, network, proxy);
    }

    /** Says which action, not with which key. */
    @Override
    public String toString() {
        return "OpenWhiskConfiguration[" + action + "]";
    }
}

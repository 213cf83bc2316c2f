package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.spi.Secret;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The URL in a function's configuration, which may refer to secrets, or be one. An immutable value.
 *
 * <p>Messages about it show its scheme at most, since credentials are put into every other part.
 */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class EndpointUrl {
    private final String entry;
    private final Secret written;
    private final Consumer<HttpUrl> check;

    /**
     * A URL, which is checked at once unless it refers to secrets.
     *
     * @param entry of the configuration, for messages
     * @param check throws {@link IllegalArgumentException} if the URL is none of the function type
     * @throws IllegalArgumentException if it is missing or not valid
     */
    public EndpointUrl(String entry, @Nullable Secret written, Consumer<HttpUrl> check) {
        if (written == null) {
            throw new IllegalArgumentException("'" + entry + "' must be an http or https URL, was missing");
        }
        this.entry = entry;
        this.written = written;
        this.check = check;
        if (!written.isReference()) {
            parsed();
        }
    }

    /**
     * Refuses a URL that credentials would go to unencrypted: http is for this machine alone.
     *
     * @throws IllegalArgumentException if it is one
     */
    public static void checkEncrypted(String entry, HttpUrl url) {
        if (!url.isHttps() && !isThisMachine(url.host())) {
            throw new IllegalArgumentException("'" + entry
                    + "' must be an https URL, since credentials are sent to it; http is for localhost alone");
        }
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    /**
     * The URL as it is now.
     *
     * @throws InvocationException {@code CALL_FAILED} if a secret can't be read or is no URL of the function type
     */
    public HttpUrl resolve(String functionId) {
        try {
            return parsed();
        } catch (IllegalArgumentException e) { // of a secret that was read just now
            throw new InvocationException(
                    Kind.CALL_FAILED, true, "function '" + functionId + "' can't be called: " + e.getMessage());
        }
    }

    /**
     * Refuses a URL whose scheme or port the settings' policies refuse, unless it refers to secrets; these are checked with each call.
     *
     * @throws IllegalArgumentException if they do
     */
    public void checkAllowed(ConnectionSettings settings) {
        if (!written.isReference()) {
            HttpUrl url = parsed();
            String refusal = settings.refusal(url.scheme(), url.port());
            if (refusal != null) {
                throw new IllegalArgumentException("'" + entry + "' may not be called: " + refusal);
            }
        }
    }

    private HttpUrl parsed() {
        String text = written.value();
        HttpUrl url = HttpUrl.parse(text);
        if (url == null) {
            int scheme = text.indexOf(':');
            throw new IllegalArgumentException("'" + entry + "' must be an http or https URL with a host, was "
                    + (scheme > 0 && scheme < 10 ? "one of scheme '" + text.substring(0, scheme) + "'" : "none"));
        }
        check.accept(url);
        return url;
    }

    /** Says which entry it is. */
    @Override
    public String toString() {
        return "EndpointUrl['" + entry + "']";
    }
}

package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import okhttp3.Headers;

/** Puts secrets into headers. */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class SecretHeader {
    private SecretHeader() {}

    /**
     * The headers with another one.
     *
     * @throws InvocationException {@code CALL_FAILED} if the value can't be one of a header; the message names the entry alone
     */
    public static Headers add(Headers headers, String entry, String name, String value) {
        try {
            return headers.newBuilder().set(name, value).build();
        } catch (IllegalArgumentException e) {
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "'" + entry + "' must be of visible characters to be sent as the header " + name);
        }
    }
}

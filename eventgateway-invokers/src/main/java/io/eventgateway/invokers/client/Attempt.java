package io.eventgateway.invokers.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What is known of one attempt to send a request: whether its connection had been used before, and whether the server has begun to answer. */
final class Attempt extends EventListener {
    /** What Okio says of a line of which not one byte came; the end of a line is missing, too, after a beginning. */
    private static final String NOTHING_CAME = "\\n not found: limit=0 ";

    private volatile @Nullable String proxy;
    private volatile boolean connected;
    private volatile boolean sent;
    private volatile boolean acquired;
    private volatile boolean answered;

    static final EventListener.Factory LISTENERS = call -> {
        @Nullable Attempt attempt = call.request().tag(Attempt.class);
        return attempt == null ? EventListener.NONE : attempt;
    };

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        connected = true;
        this.proxy = proxy.type() == Proxy.Type.HTTP
                ? HostAddress.written(address.getHostString()) + ":" + address.getPort()
                : null;
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        acquired = true;
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        sent = true;
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        answered = true;
    }

    /** The host and port of the HTTP proxy that was connected to last; null for none. */
    @Nullable String proxy() {
        return proxy;
    }

    /** Returns whether at least the beginning of the request was sent, so that the server may have acted on it. */
    boolean isSent() {
        return sent;
    }

    /** Returns whether the status and headers of an answer came. */
    boolean isAnswered() {
        return answered;
    }

    /**
     * Returns whether the connection was one that had been kept, and is known to have ended before one byte was answered. The server may
     * have got the request all the same.
     */
    boolean metStaleConnection(IOException e) {
        return acquired && !connected && !answered && (!sent || nothingCame(e));
    }

    /** When writing failed, what reading met is suppressed. */
    private static boolean nothingCame(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException
                    && String.valueOf(cause.getMessage()).startsWith(NOTHING_CAME)) {
                return true;
            }
            for (Throwable suppressed : cause.getSuppressed()) {
                if (nothingCame(suppressed)) {
                    return true;
                }
            }
        }
        return false;
    }
}

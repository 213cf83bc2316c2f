package io.eventgateway.invokers.client;

import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What is known of one attempt to send a request: whether its connection had been used before, and whether the server has begun to answer. */
final class Attempt extends EventListener {
    private volatile boolean connected;
    private volatile boolean acquired;
    private volatile boolean answered;

    static final EventListener.Factory LISTENERS = call -> {
        @Nullable Attempt attempt = call.request().tag(Attempt.class);
        return attempt == null ? EventListener.NONE : attempt;
    };

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        connected = true;
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        acquired = true;
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        answered = true;
    }

    /**
     * Returns whether the server may have closed the connection before the request came: it was one that had been kept, and nothing was
     * answered.
     */
    boolean metStaleConnection() {
        return acquired && !connected && !answered;
    }
}

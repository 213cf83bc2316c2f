package io.eventgateway.invokers.aws;

import io.eventgateway.http.NetworkPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Makes the HTTP clients below the SDK's. The time that a call has is its {@code apiCallTimeout} alone: a function may think for as long as
 * its delivery lets it, so neither a connection that is silent nor a wait for one ends a call.
 */
public final class AwsHttp {
    /** Longer than any call: the wait for a connection ends with the call that waits. */
    private static final Duration LONGER_THAN_ANY_CALL = Duration.ofDays(1);

    private static final int MAX_CONNECTIONS = 10_000;
    private static final int MAX_WAITING = 100_000;

    /**
     * The settings, which go before those of a service. The protocol is HTTP/1.1 for every service, since Kinesis's own, HTTP/2 without
     * negotiation, is for its subscriptions to streams, which nothing here makes.
     */
    public static final AttributeMap SETTINGS = AttributeMap.builder()
            .put(SdkHttpConfigurationOption.READ_TIMEOUT, Duration.ZERO)
            .put(SdkHttpConfigurationOption.WRITE_TIMEOUT, Duration.ZERO)
            .put(SdkHttpConfigurationOption.CONNECTION_ACQUIRE_TIMEOUT, LONGER_THAN_ANY_CALL)
            .put(SdkHttpConfigurationOption.MAX_CONNECTIONS, MAX_CONNECTIONS)
            .put(SdkHttpConfigurationOption.MAX_PENDING_CONNECTION_ACQUIRES, MAX_WAITING)
            .put(SdkHttpConfigurationOption.TCP_KEEPALIVE, true)
            .put(SdkHttpConfigurationOption.PROTOCOL, Protocol.HTTP1_1)
            .build();

    private AwsHttp() {}

    /** A client, which whoever made it closes. */
    public static SdkAsyncHttpClient client(NetworkPolicy network) {
        return client(network, AttributeMap.empty());
    }

    static SdkAsyncHttpClient client(NetworkPolicy network, AttributeMap ofService) {
        return new Client(NettyNioAsyncHttpClient.builder()
                .eventLoopGroup(EventLoops.SHARED.acquire(network))
                .buildWithDefaults(SETTINGS.merge(ofService)));
    }

    /** A client that gives its threads back when it is closed. */
    private static final class Client implements SdkAsyncHttpClient {
        private final SdkAsyncHttpClient netty;
        private final AtomicBoolean closed = new AtomicBoolean();

        Client(SdkAsyncHttpClient netty) {
            this.netty = netty;
        }

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            return netty.execute(request);
        }

        @Override
        public String clientName() {
            return netty.clientName();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                try {
                    netty.close();
                } finally {
                    EventLoops.SHARED.release();
                }
            }
        }
    }

    /** A builder that the SDK builds and closes the client of. */
    static final class Builder implements SdkAsyncHttpClient.Builder<Builder> {
        private final NetworkPolicy network;

        Builder(NetworkPolicy network) {
            this.network = network;
        }

        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap ofService) {
            return client(network, ofService);
        }
    }
}

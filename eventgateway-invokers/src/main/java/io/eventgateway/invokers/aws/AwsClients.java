package io.eventgateway.invokers.aws;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The clients of one service: one for each region, endpoint, credentials and network policy, from its first function to its last.
 * Thread-safe: its lock guards the map.
 */
public final class AwsClients<C extends SdkAutoCloseable> {
    private static final class Shared<C> {
        private final C client;
        private int users;

        Shared(C client) {
            this.client = client;
        }
    }

    private final Function<AwsAccess, C> factory;
    private final Map<AwsAccess, Shared<C>> clients = new HashMap<>();

    private AwsClients(Function<AwsAccess, C> factory) {
        this.factory = factory;
    }

    /** The clients of a service that the SDK's builders make. */
    public static <B extends AwsAsyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C extends SdkAutoCloseable>
            AwsClients<C> of(Supplier<B> builders) {
        return new AwsClients<>(access -> client(builders.get(), access));
    }

    private static <B extends AwsAsyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, AwsAccess access) {
        builder.region(Region.of(access.region())).overrideConfiguration(override -> {
            override.retryStrategy(AwsRetryStrategy.doNotRetry());
            override.addExecutionInterceptor(new AnswerBound());
            if (access.endpoint() != null) { // else a host of one's own would get the service's prefix
                override.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true);
            }
        });
        if (access.endpoint() != null) {
            builder.endpointOverride(URI.create(access.endpoint()));
        }
        AwsCredentialsProvider credentials = access.credentials();
        if (credentials != null) { // else the SDK's default chain, which the client owns
            builder.credentialsProvider(credentials);
        }
        builder.httpClientBuilder(new AwsHttp.Builder(access.network()));
        return builder.build();
    }

    /** The client of an access; given back by {@link #release}. */
    public synchronized C acquire(AwsAccess access) {
        Shared<C> shared = clients.computeIfAbsent(access, key -> new Shared<>(factory.apply(key)));
        shared.users++;
        return shared.client;
    }

    /** Gives a client back, which is closed with its last user. */
    public void release(AwsAccess access) {
        C last = null;
        synchronized (this) {
            Shared<C> shared = clients.get(access);
            if (shared != null && --shared.users == 0) {
                clients.remove(access);
                last = shared.client;
            }
        }
        if (last != null) {
            last.close();
        }
    }

    /** How many clients are open. */
    public synchronized int open() {
        return clients.size();
    }
}

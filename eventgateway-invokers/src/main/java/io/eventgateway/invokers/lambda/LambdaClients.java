package io.eventgateway.invokers.lambda;

import io.eventgateway.invokers.lambda.LambdaConfiguration.Access;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.LambdaAsyncClientBuilder;

/**
 * The clients of AWS Lambda: one for each region, endpoint and credentials, from its first function to its last. Its
 * lock guards the map.
 */
final class LambdaClients {
    private static final class Shared {
        private final LambdaAsyncClient client;
        private int users;

        Shared(LambdaAsyncClient client) {
            this.client = client;
        }
    }

    private final Map<Access, Shared> clients = new HashMap<>();

    synchronized LambdaAsyncClient acquire(Access access) {
        Shared shared = clients.computeIfAbsent(access, key -> new Shared(create(key)));
        shared.users++;
        return shared.client;
    }

    void release(Access access) {
        LambdaAsyncClient last = null;
        synchronized (this) {
            Shared shared = clients.get(access);
            if (shared != null && --shared.users == 0) {
                clients.remove(access);
                last = shared.client;
            }
        }
        if (last != null) {
            last.close();
        }
    }

    synchronized int open() {
        return clients.size();
    }

    private static LambdaAsyncClient create(Access access) {
        LambdaAsyncClientBuilder builder = LambdaAsyncClient.builder()
                .region(Region.of(access.region()))
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (access.endpoint() != null) {
            builder.endpointOverride(URI.create(access.endpoint()));
        }
        AwsCredentials credentials = credentials(access);
        if (credentials != null) {
            builder.credentialsProvider(StaticCredentialsProvider.create(credentials));
        }
        return builder.build();
    }

    private static @Nullable AwsCredentials credentials(Access access) {
        if (access.accessKeyId() == null || access.secretAccessKey() == null) {
            return null;
        }
        return access.sessionToken() == null
                ? AwsBasicCredentials.create(access.accessKeyId(), access.secretAccessKey())
                : AwsSessionCredentials.create(access.accessKeyId(), access.secretAccessKey(), access.sessionToken());
    }
}

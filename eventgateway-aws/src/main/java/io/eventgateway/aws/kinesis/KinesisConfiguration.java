package io.eventgateway.aws.kinesis;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EventContent;
import io.eventgateway.aws.EventKey;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsNames;
import io.eventgateway.spi.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code awskinesis} function may say.
 *
 * @param streamName the stream's name; this or {@code streamArn} is required
 * @param streamArn the stream's ARN
 * @param region required with {@code streamName}; the ARN's unless said
 * @param endpoint where the service's API is; where the SDK knows it unless said
 * @param accessKeyId with {@code secretAccessKey}: credentials; the SDK's default chain unless said
 * @param mode what is sent: the event as JSON, {@code structured}, unless said, or its {@code data}
 * @param partitionKey where the event has the key that chooses its shard; CloudEvents' partitioning extension, else {@code subject}, else {@code id} unless said
 * @param maxResponseBytes a longer answer is a failure; 1 MiB unless said
 */
record KinesisConfiguration(
        @Nullable String streamName,
        @Nullable String streamArn,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable Secret accessKeyId,
        @Nullable Secret secretAccessKey,
        @Nullable Secret sessionToken,
        EventContent.@Nullable Mode mode,
        @Nullable List<String> partitionKey,
        @Nullable Integer maxResponseBytes) {
    KinesisConfiguration {
        if ((streamName == null) == (streamArn == null)) {
            throw new IllegalArgumentException("'streamName' or 'streamArn' must say which stream gets the events, "
                    + (streamName == null ? "both are missing" : "both are given"));
        }
        if (streamName != null && !streamName.matches("[a-zA-Z0-9_.-]{1,128}")) {
            throw new IllegalArgumentException(
                    "'streamName' must be the name of a stream, such as orders, was '" + streamName + "'");
        }
        if (streamArn != null && AwsNames.regionOfArn(streamArn, "kinesis") == null) {
            throw new IllegalArgumentException("'streamArn' must be the ARN of a stream, such as"
                    + " arn:aws:kinesis:us-east-1:123456789012:stream/orders, was '" + streamArn + "'");
        }
        AwsAccess.check(region, endpoint, accessKeyId, secretAccessKey, sessionToken);
        AwsLimits.checkResponse(maxResponseBytes);
        EventKey.check("partitionKey", partitionKey);
    }

    AwsAccess access(FunctionDefinition function, NetworkPolicy network) {
        return AwsAccess.of(
                function,
                region == null && streamArn != null ? AwsNames.regionOfArn(streamArn, "kinesis") : region,
                endpoint,
                accessKeyId,
                secretAccessKey,
                sessionToken,
                network);
    }

    /** Says where the events go, not with which credentials. */
    @Override
    public String toString() {
        return "KinesisConfiguration[" + (streamName == null ? streamArn : streamName) + "]";
    }
}

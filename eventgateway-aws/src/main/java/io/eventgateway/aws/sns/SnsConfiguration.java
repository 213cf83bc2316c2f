package io.eventgateway.aws.sns;

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
 * What the provider configuration of an {@code awssns} function may say.
 *
 * @param topicArn the topic's ARN, required; FIFO if it ends with {@code .fifo}
 * @param region the ARN's unless said
 * @param endpoint where the service's API is; where the SDK knows it unless said
 * @param accessKeyId with {@code secretAccessKey}: credentials; the SDK's default chain unless said
 * @param mode what is sent: the event as JSON, {@code structured}, unless said, or its {@code data}
 * @param groupId for FIFO: where the event has the message group; {@code partitionkey}, else {@code subject}, else {@code id} unless said
 * @param deduplicationId for FIFO: where the event has the id by which a retry is known; a name made of source and id unless said
 * @param maxResponseBytes a longer answer is a failure; 1 MiB unless said
 */
record SnsConfiguration(
        @Nullable String topicArn,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable Secret accessKeyId,
        @Nullable Secret secretAccessKey,
        @Nullable Secret sessionToken,
        EventContent.@Nullable Mode mode,
        @Nullable List<String> groupId,
        @Nullable List<String> deduplicationId,
        @Nullable Integer maxResponseBytes) {
    SnsConfiguration {
        if (topicArn == null || AwsNames.regionOfArn(topicArn, "sns") == null) {
            throw new IllegalArgumentException("'topicArn' must be the ARN of a topic, such as"
                    + " arn:aws:sns:us-east-1:123456789012:orders, was "
                    + (topicArn == null ? "missing" : "'" + topicArn + "'"));
        }
        AwsAccess.check(region, endpoint, accessKeyId, secretAccessKey, sessionToken);
        AwsLimits.checkResponse(maxResponseBytes);
        EventKey.check("groupId", groupId);
        EventKey.check("deduplicationId", deduplicationId);
        if (!isFifo(topicArn) && (groupId != null || deduplicationId != null)) {
            throw new IllegalArgumentException(
                    "'groupId' and 'deduplicationId' are for FIFO alone, whose name ends with .fifo; 'topicArn' was '"
                            + topicArn + "'");
        }
    }

    private static boolean isFifo(String name) {
        return name.endsWith(".fifo");
    }

    boolean isFifo() {
        return isFifo(String.valueOf(topicArn));
    }

    AwsAccess access(FunctionDefinition function, NetworkPolicy network) {
        return AwsAccess.of(
                function,
                region == null ? AwsNames.regionOfArn(String.valueOf(topicArn), "sns") : region,
                endpoint,
                accessKeyId,
                secretAccessKey,
                sessionToken,
                network);
    }

    /** Says where the events go, not with which credentials. */
    @Override
    public String toString() {
        return "SnsConfiguration[" + topicArn + "]";
    }
}

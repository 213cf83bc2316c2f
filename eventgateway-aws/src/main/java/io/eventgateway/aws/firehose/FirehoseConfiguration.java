package io.eventgateway.aws.firehose;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EventContent;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code awsfirehose} function may say.
 *
 * @param deliveryStreamName the stream's name, required
 * @param region required
 * @param endpoint where the service's API is; where the SDK knows it unless said
 * @param accessKeyId with {@code secretAccessKey}: credentials; the SDK's default chain unless said
 * @param mode what is sent: the event as JSON, {@code structured}, unless said, or its {@code data}
 * @param newline whether a line break follows each event, so that files have one a line; true unless said
 * @param maxResponseBytes a longer answer is a failure; 1 MiB unless said
 */
record FirehoseConfiguration(
        @Nullable String deliveryStreamName,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable Secret accessKeyId,
        @Nullable Secret secretAccessKey,
        @Nullable Secret sessionToken,
        EventContent.@Nullable Mode mode,
        @Nullable Boolean newline,
        @Nullable Integer maxResponseBytes) {
    FirehoseConfiguration {
        if (deliveryStreamName == null || !deliveryStreamName.matches("[a-zA-Z0-9_.-]{1,64}")) {
            throw new IllegalArgumentException(
                    "'deliveryStreamName' must be the name of a Firehose stream, such as orders, was "
                            + (deliveryStreamName == null ? "missing" : "'" + deliveryStreamName + "'"));
        }
        AwsAccess.check(region, endpoint, accessKeyId, secretAccessKey, sessionToken);
        AwsLimits.checkResponse(maxResponseBytes);
    }

    AwsAccess access(FunctionDefinition function, NetworkPolicy network) {
        return AwsAccess.of(function, region, endpoint, accessKeyId, secretAccessKey, sessionToken, network);
    }

    /** Says where the events go, not with which credentials. */
    @Override
    public String toString() {
        return "FirehoseConfiguration[" + deliveryStreamName + "]";
    }
}

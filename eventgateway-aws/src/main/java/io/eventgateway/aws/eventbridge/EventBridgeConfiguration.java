package io.eventgateway.aws.eventbridge;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EventContent;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsNames;
import io.eventgateway.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code awseventbridge} function may say.
 *
 * @param eventBusName the bus's name or ARN, required; {@code default} is the account's own
 * @param region required with a name; the ARN's unless said
 * @param endpoint where the service's API is; where the SDK knows it unless said
 * @param accessKeyId with {@code secretAccessKey}: credentials; the SDK's default chain unless said
 * @param mode what is sent: the event as JSON, {@code structured}, unless said, or its {@code data}
 * @param maxResponseBytes a longer answer is a failure; 1 MiB unless said
 */
record EventBridgeConfiguration(
        @Nullable String eventBusName,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable Secret accessKeyId,
        @Nullable Secret secretAccessKey,
        @Nullable Secret sessionToken,
        EventContent.@Nullable Mode mode,
        @Nullable Integer maxResponseBytes) {
    EventBridgeConfiguration {
        if (eventBusName == null
                || !(eventBusName.matches("[a-zA-Z0-9_./-]{1,256}")
                        || AwsNames.regionOfArn(eventBusName, "events") != null)) {
            throw new IllegalArgumentException(
                    "'eventBusName' must be the name or the ARN of an event bus, such as default or"
                            + " arn:aws:events:us-east-1:123456789012:event-bus/orders, was "
                            + (eventBusName == null ? "missing" : "'" + eventBusName + "'"));
        }
        AwsAccess.check(region, endpoint, accessKeyId, secretAccessKey, sessionToken);
        AwsLimits.checkResponse(maxResponseBytes);
    }

    AwsAccess access(FunctionDefinition function, NetworkPolicy network) {
        return AwsAccess.of(
                function,
                region == null ? AwsNames.regionOfArn(String.valueOf(eventBusName), "events") : region,
                endpoint,
                accessKeyId,
                secretAccessKey,
                sessionToken,
                network);
    }

    /** Says where the events go, not with which credentials. */
    @Override
    public String toString() {
        return "EventBridgeConfiguration[" + eventBusName + "]";
    }
}

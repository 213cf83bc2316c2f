package io.eventgateway.aws.stepfunctions;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EventContent;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsNames;
import io.eventgateway.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code awsstepfunctions} function may say.
 *
 * @param stateMachineArn the state machine's ARN, with a version or alias if wanted; required
 * @param sync false unless said; true waits for an express state machine's end, whose output is the result
 * @param region the ARN's unless said
 * @param endpoint where the service's API is; where the SDK knows it unless said
 * @param accessKeyId with {@code secretAccessKey}: credentials; the SDK's default chain unless said
 * @param mode what is sent: the event as JSON, {@code structured}, unless said, or its {@code data}
 * @param maxResponseBytes a longer answer is a failure; 1 MiB unless said
 */
record StepFunctionsConfiguration(
        @Nullable String stateMachineArn,
        @Nullable Boolean sync,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable Secret accessKeyId,
        @Nullable Secret secretAccessKey,
        @Nullable Secret sessionToken,
        EventContent.@Nullable Mode mode,
        @Nullable Integer maxResponseBytes) {
    StepFunctionsConfiguration {
        if (stateMachineArn == null || AwsNames.regionOfArn(stateMachineArn, "states") == null) {
            throw new IllegalArgumentException("'stateMachineArn' must be the ARN of a state machine, such as"
                    + " arn:aws:states:us-east-1:123456789012:stateMachine:orders, was "
                    + (stateMachineArn == null ? "missing" : "'" + stateMachineArn + "'"));
        }
        AwsAccess.check(region, endpoint, accessKeyId, secretAccessKey, sessionToken);
        AwsLimits.checkResponse(maxResponseBytes);
    }

    AwsAccess access(FunctionDefinition function, NetworkPolicy network) {
        return AwsAccess.of(
                function,
                region == null ? AwsNames.regionOfArn(String.valueOf(stateMachineArn), "states") : region,
                endpoint,
                accessKeyId,
                secretAccessKey,
                sessionToken,
                network);
    }

    /** Says where the events go, not with which credentials. */
    @Override
    public String toString() {
        return "StepFunctionsConfiguration[" + stateMachineArn + "]";
    }
}

package io.eventgateway.aws.sqs;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.AwsLimits;
import io.eventgateway.aws.EventContent;
import io.eventgateway.aws.EventKey;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsNames;
import io.eventgateway.spi.Secret;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code awssqs} function may say.
 *
 * @param queueUrl the queue's URL, required; FIFO if it ends with {@code .fifo}
 * @param region the queue URL's unless said
 * @param endpoint where the service's API is; where the SDK knows it unless said
 * @param accessKeyId with {@code secretAccessKey}: credentials; the SDK's default chain unless said
 * @param mode what is sent: the event as JSON, {@code structured}, unless said, or its {@code data}
 * @param groupId for FIFO: where the event has the message group; {@code partitionkey}, else {@code subject}, else {@code id} unless said
 * @param deduplicationId for FIFO: where the event has the id by which a retry is known; a name made of source and id unless said
 * @param maxResponseBytes a longer answer is a failure; 1 MiB unless said
 */
record SqsConfiguration(
        @Nullable String queueUrl,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable Secret accessKeyId,
        @Nullable Secret secretAccessKey,
        @Nullable Secret sessionToken,
        EventContent.@Nullable Mode mode,
        @Nullable List<String> groupId,
        @Nullable List<String> deduplicationId,
        @Nullable Integer maxResponseBytes) {
    private static final Pattern AWS_HOST = Pattern.compile(
            "(?:sqs\\.(?<region>" + AwsNames.REGION + ")|(?<old>" + AwsNames.REGION + ")\\.queue)\\.[a-z0-9.-]{1,100}");

    SqsConfiguration {
        if (queueUrl == null || !AwsAccess.isHttpUrl(queueUrl)) {
            throw new IllegalArgumentException("'queueUrl' must be the URL of a queue, such as"
                    + " https://sqs.us-east-1.amazonaws.com/123456789012/orders, was "
                    + (queueUrl == null ? "missing" : "another text"));
        }
        AwsAccess.check(region, endpoint, accessKeyId, secretAccessKey, sessionToken);
        AwsLimits.checkResponse(maxResponseBytes);
        EventKey.check("groupId", groupId);
        EventKey.check("deduplicationId", deduplicationId);
        if (!isFifo(queueUrl) && (groupId != null || deduplicationId != null)) {
            throw new IllegalArgumentException(
                    "'groupId' and 'deduplicationId' are for FIFO alone, whose name ends with .fifo; 'queueUrl' was '"
                            + queueUrl + "'");
        }
    }

    private static @Nullable String regionOf(String queueUrl) {
        Matcher host =
                AWS_HOST.matcher(String.valueOf(URI.create(queueUrl).getHost()).toLowerCase(Locale.ROOT));
        return host.matches() ? (host.group("region") == null ? host.group("old") : host.group("region")) : null;
    }

    private static boolean isFifo(String name) {
        return name.endsWith(".fifo");
    }

    boolean isFifo() {
        return isFifo(String.valueOf(queueUrl));
    }

    /** The API of a queue that is not at AWS is where the queue is. */
    private @Nullable String api() {
        URI url = URI.create(String.valueOf(queueUrl));
        boolean isElsewhere = endpoint == null && regionOf(String.valueOf(queueUrl)) == null;
        return isElsewhere ? url.getScheme() + "://" + url.getRawAuthority() : endpoint;
    }

    AwsAccess access(FunctionDefinition function, NetworkPolicy network) {
        return AwsAccess.of(
                function,
                region == null ? regionOf(String.valueOf(queueUrl)) : region,
                api(),
                accessKeyId,
                secretAccessKey,
                sessionToken,
                network);
    }

    /** Says where the events go, not with which credentials. */
    @Override
    public String toString() {
        return "SqsConfiguration[" + queueUrl + "]";
    }
}

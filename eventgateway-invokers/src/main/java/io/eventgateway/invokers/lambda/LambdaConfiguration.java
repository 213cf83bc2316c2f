package io.eventgateway.invokers.lambda;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsNames;
import io.eventgateway.invokers.client.EventRequests;
import io.eventgateway.spi.Secret;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code awslambda} function may say.
 *
 * @param arn the function's ARN, with a version or alias if wanted; this or {@code functionUrl} is required
 * @param functionUrl the function's URL, which is called over HTTP with a signature
 * @param region the ARN's or the URL's unless said
 * @param endpoint where the Lambda API is, if not where the SDK knows it
 * @param accessKeyId with {@code secretAccessKey}: credentials; the SDK's default chain unless said
 * @param mode what the function gets: by its ARN the {@code data} unless said, or the whole event, {@code structured}; by its URL as {@code
 *     binary} unless said
 * @param invocationType {@code RequestResponse} unless said; {@code Event} has Lambda take the event and call the function later
 * @param maxResponseBytes a longer answer is a failure; 6 MiB unless said
 */
record LambdaConfiguration(
        @Nullable String arn,
        @Nullable String functionUrl,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable Secret accessKeyId,
        @Nullable Secret secretAccessKey,
        @Nullable Secret sessionToken,
        @Nullable Mode mode,
        @Nullable Type invocationType,
        @Nullable Integer maxResponseBytes) {
    /** What Lambda itself allows a function to answer. */
    static final int DEFAULT_MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

    private static final Pattern ARN =
            Pattern.compile("arn:" + AwsNames.PARTITION + ":lambda:(?<region>" + AwsNames.REGION + "):\\d{12}"
                    + ":function:(?<name>[a-zA-Z0-9_-]{1,140})(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9_-]{1,128}))?");
    private static final Pattern URL_HOST =
            Pattern.compile("[a-z0-9]{1,63}\\.lambda-url\\.(?<region>" + AwsNames.REGION + ")\\.[a-z0-9.-]{1,100}");

    /** What a function gets. */
    enum Mode {
        /** The event's data. */
        data,
        /** The event in CloudEvents' structured JSON form. */
        structured,
        /** The event's data, with its attributes as headers; for function URLs. */
        binary
    }

    /** The way a function is invoked, which says whether the gateway waits for it. The names are Lambda's own. */
    enum Type {
        /** The function's answer is the result. */
        RequestResponse,
        /** Lambda takes the event, and calls the function when it can. */
        Event
    }

    LambdaConfiguration {
        if ((arn == null) == (functionUrl == null)) {
            throw new IllegalArgumentException("'arn' or 'functionUrl' must say which function is called, "
                    + (arn == null ? "both are missing" : "both are given"));
        }
        AwsAccess.check(region, endpoint, accessKeyId, secretAccessKey, sessionToken);
        if (arn != null) {
            if (!ARN.matcher(arn).matches()) {
                throw new IllegalArgumentException("'arn' must be the ARN of a Lambda function, such as"
                        + " arn:aws:lambda:us-east-1:123456789012:function:name or ...:name:alias, was '" + arn + "'");
            }
            if (mode == Mode.binary) {
                throw new IllegalArgumentException(
                        "'mode' must be data or structured for a function that is called by its 'arn', was 'binary'");
            }
        } else {
            checkUrl(String.valueOf(functionUrl), region, endpoint, invocationType);
        }
        if (maxResponseBytes != null && maxResponseBytes < 1) {
            throw new IllegalArgumentException("'maxResponseBytes' must be at least 1, was " + maxResponseBytes);
        }
    }

    private static void checkUrl(
            String url, @Nullable String region, @Nullable String endpoint, @Nullable Type invocationType) {
        if (!AwsAccess.isHttpUrl(url)) {
            throw new IllegalArgumentException(
                    "'functionUrl' must be the URL of a Lambda function without user and query, such as"
                            + " https://abcdefg.lambda-url.us-east-1.on.aws/");
        }
        if (region == null && regionOf(url) == null) {
            throw new IllegalArgumentException(
                    "'region' must be said, since the host of 'functionUrl' does not name one, as in"
                            + " https://abcdefg.lambda-url.us-east-1.on.aws/");
        }
        if (endpoint != null) {
            throw new IllegalArgumentException("'endpoint' goes with 'arn'; 'functionUrl' is where the call goes");
        }
        if (invocationType == Type.Event) {
            throw new IllegalArgumentException(
                    "'invocationType' must be RequestResponse with 'functionUrl', since Lambda answers URLs only so; was 'Event'");
        }
    }

    private static @Nullable String regionOf(String url) {
        Matcher host =
                URL_HOST.matcher(String.valueOf(URI.create(url).getHost()).toLowerCase(Locale.ROOT));
        return host.matches() ? host.group("region") : null;
    }

    private Matcher parsed() {
        Matcher matcher = ARN.matcher(String.valueOf(arn));
        if (!matcher.matches()) {
            throw new IllegalStateException("checked by the constructor");
        }
        return matcher;
    }

    /** The name alone for another endpoint, which need not know accounts; else the whole ARN. */
    String target() {
        return endpoint == null ? String.valueOf(arn) : parsed().group("name");
    }

    /** The version or alias, where it is not part of the {@link #target}. */
    @Nullable String qualifier() {
        return endpoint == null ? null : parsed().group("qualifier");
    }

    Type type() {
        return invocationType == null ? Type.RequestResponse : invocationType;
    }

    int largestResponse() {
        return maxResponseBytes == null ? DEFAULT_MAX_RESPONSE_BYTES : maxResponseBytes;
    }

    /** How the event is sent to a function's URL. */
    EventRequests.Mode urlMode() {
        return EventRequests.Mode.valueOf((mode == null ? Mode.binary : mode).name());
    }

    /**
     * Where it is called, and as whom.
     *
     * @throws IllegalArgumentException if the policy does not allow it
     */
    AwsAccess access(NetworkPolicy network) {
        String known = functionUrl == null ? parsed().group("region") : regionOf(functionUrl);
        if (functionUrl != null) {
            AwsAccess.requireAllowed("functionUrl", URI.create(functionUrl), network);
        }
        return new AwsAccess(
                region == null ? String.valueOf(known) : region,
                endpoint,
                accessKeyId,
                secretAccessKey,
                sessionToken,
                network);
    }

    /** Says which function, not with which credentials. */
    @Override
    public String toString() {
        return "LambdaConfiguration[" + (arn == null ? functionUrl : arn) + "]";
    }
}

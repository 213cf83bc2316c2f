package io.eventgateway.invokers.lambda;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code awslambda} function may say.
 *
 * @param arn the function's ARN, with a version or alias if wanted; required
 * @param region the ARN's unless said
 * @param endpoint where the Lambda API is, if not where the SDK knows it
 * @param accessKeyId with {@code secretAccessKey}: credentials; the SDK's default chain unless said
 * @param mode what the function gets: the {@code data} unless said, or the whole event, {@code structured}
 */
record LambdaConfiguration(
        @Nullable String arn,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable String accessKeyId,
        @Nullable String secretAccessKey,
        @Nullable String sessionToken,
        @Nullable Mode mode) {
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z]{2}(?:-[a-z]+)+-\\d+):\\d{12}"
                    + ":function:(?<name>[a-zA-Z0-9_-]{1,140})(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9_-]{1,128}))?");

    /** What a function gets. */
    enum Mode {
        /** The event's data. */
        data,
        /** The event in CloudEvents' structured JSON form. */
        structured
    }

    /** What functions that may share a client have in common. */
    record Access(
            String region,
            @Nullable String endpoint,
            @Nullable String accessKeyId,
            @Nullable String secretAccessKey,
            @Nullable String sessionToken) {
        @Override
        public String toString() {
            return "Access[" + region + (endpoint == null ? "" : ", " + endpoint) + "]";
        }
    }

    LambdaConfiguration {
        if (arn == null || !ARN.matcher(arn).matches()) {
            throw new IllegalArgumentException("'arn' must be the ARN of a Lambda function, such as"
                    + " arn:aws:lambda:us-east-1:123456789012:function:name or ...:name:alias, was "
                    + (arn == null ? "missing" : "'" + arn + "'"));
        }
        if (region != null && !region.matches("[a-z]{2}(-[a-z]+)+-\\d+")) {
            throw new IllegalArgumentException(
                    "'region' must be an AWS region such as us-east-1, was '" + region + "'");
        }
        if (endpoint != null && !isHttpUrl(endpoint)) {
            throw new IllegalArgumentException("'endpoint' must be an http or https URL");
        }
        if ((accessKeyId == null) != (secretAccessKey == null)) {
            throw new IllegalArgumentException("'accessKeyId' and 'secretAccessKey' go together, one is missing");
        }
        if (sessionToken != null && accessKeyId == null) {
            throw new IllegalArgumentException("'sessionToken' needs 'accessKeyId' and 'secretAccessKey'");
        }
    }

    private static boolean isHttpUrl(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
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

    Access access() {
        return new Access(
                region == null ? parsed().group("region") : region,
                endpoint,
                accessKeyId,
                secretAccessKey,
                sessionToken);
    }

    /** Says which function, not with which credentials. */
    @Override
    public String toString() {
        return "LambdaConfiguration[" + arn + "]";
    }
}

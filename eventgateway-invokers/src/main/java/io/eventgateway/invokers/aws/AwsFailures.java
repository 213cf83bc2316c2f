package io.eventgateway.invokers.aws;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.invokers.client.DelaySeconds;
import io.eventgateway.spi.Secret;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * Says what failures of AWS mean for one function: of which kind they are, and whether the same call may succeed later. Immutable.
 *
 * @param functionId the function that was called
 * @param service what refuses, for the message, such as {@code Lambda}
 * @param access whose credentials are never shown, should the service echo them
 */
public record AwsFailures(String functionId, String service, AwsAccess access) {
    private static final String HIDDEN = "***";
    private static final int SHORTEST_SECRET = 4;
    /** What a signed request carries beside what the configuration knows: the signature, the scope, ids of keys, and tokens. */
    private static final Pattern CREDENTIALS = Pattern.compile("(?<=Signature=)[^\\s,;]+|(?<=Credential=)[^\\s,;]+"
            + "|\\b(?:AKIA|ASIA)[A-Z0-9]{12,}\\b|[A-Za-z0-9+/=_-]{100,}");

    private static final int MOST_CAUSES = 16;
    /** Codes of errors that pass: AWS's common errors, and those of entries of a batch. */
    private static final Pattern PASSING = Pattern.compile(
            "Throttl|TooManyRequests|ProvisionedThroughput|LimitExceeded|SlowDown|Internal|Unavailable|Timeout|Timed|KMSThrottling");

    private static final Pattern DENIED = Pattern.compile(
            "AccessDenied|NotAuthorized|UnrecognizedClient|InvalidClientToken|SignatureDoesNotMatch|ExpiredToken"
                    + "|MissingAuthentication|InvalidSignature|Forbidden");
    /** What a terminal would obey, or what makes text look like other text. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

    /** The failure of a call that ended with an exception. */
    public InvocationException of(Throwable thrown) {
        InvocationException known = first(thrown, InvocationException.class); // a secret that can't be read
        if (known != null) {
            return known;
        }
        AnswerBound.TooLarge large = first(thrown, AnswerBound.TooLarge.class);
        if (large != null) {
            return new InvocationException(
                    Kind.FUNCTION_ERROR,
                    false,
                    "function '" + functionId + "' answered more than " + large.limit() + " bytes (maxResponseBytes)");
        }
        AwsServiceException refused = first(thrown, AwsServiceException.class);
        if (refused != null) {
            return refused(refused);
        }
        if (first(thrown, ApiCallTimeoutException.class) != null
                || first(thrown, ApiCallAttemptTimeoutException.class) != null
                || first(thrown, TimeoutException.class) != null) {
            return new InvocationException(
                    Kind.TIMEOUT, true, "function '" + functionId + "' on " + service + " did not answer in time");
        }
        GuardedChannel.Refused denied = first(thrown, GuardedChannel.Refused.class);
        if (denied != null) {
            return new InvocationException(
                    Kind.CALL_FAILED,
                    false,
                    service + " may not be called for function '" + functionId + "' by the network policy: "
                            + denied.getMessage());
        }
        boolean unreached =
                first(thrown, ConnectException.class) != null || first(thrown, UnknownHostException.class) != null;
        return new InvocationException(
                unreached ? Kind.CALL_FAILED : Kind.PROVIDER_ERROR, // else the call may have been made
                true,
                service + (unreached ? " was not reached" : " gave no answer that can be read") + " for function '"
                        + functionId + "': "
                        + masked(String.valueOf(root(thrown))),
                isPrintable(thrown) ? thrown : null);
    }

    private InvocationException refused(AwsServiceException e) {
        int status = e.statusCode();
        String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? ""
                : e.awsErrorDetails().errorCode();
        String detail = e.awsErrorDetails() == null
                ? text(e.getMessage())
                : code + " " + text(e.awsErrorDetails().errorMessage());
        Kind kind;
        boolean retryable;
        if (status == 401 || status == 403 || DENIED.matcher(code).find()) {
            kind = Kind.ACCESS_DENIED;
            retryable = false;
        } else if (status == 429
                || (status >= 500 && status <= 599)
                || e.isThrottlingException()
                || PASSING.matcher(code).find()) {
            kind = Kind.PROVIDER_ERROR;
            retryable = true;
        } else {
            kind = Kind.CALL_FAILED; // an unknown resource, or content that the service does not take
            retryable = false;
        }
        InvocationException failure = new InvocationException(
                        kind,
                        retryable,
                        service + " refused to call function '" + functionId + "' with status " + status
                                + (detail.isBlank() ? "" : ": " + masked(detail))) // no cause: it has the text raw
                .withStatusCode(status);
        Duration wait = e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
                ? null
                : seconds(e.awsErrorDetails()
                        .sdkHttpResponse()
                        .firstMatchingHeader("Retry-After")
                        .orElse(null));
        return wait == null ? failure : failure.withRetryAfter(wait);
    }

    /**
     * The failure of one entry of a batch, of which the service tells a code and a message.
     *
     * @param atFault whether the service says that the sender is at fault; null where it does not say
     */
    public InvocationException ofEntry(@Nullable String code, @Nullable String message, @Nullable Boolean atFault) {
        String known = code == null ? "" : code;
        boolean denied = DENIED.matcher(known).find();
        boolean passes = !denied && (PASSING.matcher(known).find() || Boolean.FALSE.equals(atFault));
        return new InvocationException(
                denied ? Kind.ACCESS_DENIED : passes ? Kind.PROVIDER_ERROR : Kind.CALL_FAILED,
                passes,
                service + " did not take an event of function '" + functionId + "': " + known
                        + (message == null ? "" : " " + masked(message)));
    }

    private static String text(@Nullable String text) {
        return text == null || text.equals("null") ? "" : text;
    }

    /** A text of the service without the credentials of the request, should it echo them. */
    public String masked(String text) {
        String shown = text;
        for (Secret secret : Arrays.asList(access.secretAccessKey(), access.sessionToken(), access.accessKeyId())) {
            String value = secret == null ? "" : valueOf(secret);
            if (value.length() >= SHORTEST_SECRET) {
                shown = shown.replace(value, HIDDEN);
            }
        }
        return CREDENTIALS.matcher(shown).replaceAll(HIDDEN);
    }

    private static String valueOf(Secret secret) {
        try {
            return secret.value();
        } catch (InvocationException e) {
            return ""; // what can't be read just now was not sent either
        }
    }

    /** A whole number of seconds, as in {@code Retry-After}; null when the text is none. */
    public static @Nullable Duration seconds(@Nullable String text) {
        return DelaySeconds.parse(text);
    }

    /** Returns whether a log may have the stack trace; an exception's own text is cleaned, those of its causes are not. */
    private boolean isPrintable(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < MOST_CAUSES; depth++) {
            if (at.getMessage() != null
                    && (UNPRINTABLE.matcher(at.getMessage()).find()
                            || !masked(at.getMessage()).equals(at.getMessage()))) {
                return false;
            }
            at = at.getCause();
        }
        return true;
    }

    private static Throwable root(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at.getCause() != null && depth < MOST_CAUSES; depth++) {
            at = at.getCause();
        }
        return at;
    }

    private static <T extends Throwable> @Nullable T first(Throwable thrown, Class<T> type) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < MOST_CAUSES; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }
}

package io.eventgateway.aws;

import org.jspecify.annotations.Nullable;

/** The bounds of what services answer. */
public final class AwsLimits {
    /** A megabyte: more than a service says of the largest batch. */
    public static final int DEFAULT_RESPONSE_BYTES = 1024 * 1024;

    private AwsLimits() {}

    /**
     * Checks the entry {@code maxResponseBytes}.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public static void checkResponse(@Nullable Integer maxResponseBytes) {
        if (maxResponseBytes != null && maxResponseBytes < 1) {
            throw new IllegalArgumentException("'maxResponseBytes' must be at least 1, was " + maxResponseBytes);
        }
    }

    /** The bound of a configuration, or the default. */
    public static int response(@Nullable Integer maxResponseBytes) {
        return maxResponseBytes == null ? DEFAULT_RESPONSE_BYTES : maxResponseBytes;
    }
}

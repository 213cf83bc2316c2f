package io.eventgateway.internal.registry;

import org.jspecify.annotations.Nullable;

/** Checks what callers give. */
final class Given {
    private Given() {}

    /** Returns what is not null, or says which thing was. */
    static <T> T required(@Nullable T value, String what) {
        if (value == null) {
            throw new NullPointerException(what + " must not be null");
        }
        return value;
    }
}

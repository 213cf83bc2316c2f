package io.eventgateway.internal.intake;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made at its first use, so that a gateway that never needs it starts without it. Thread-safe. */
final class MadeOnce<T> {
    private final Supplier<T> make;
    private volatile @Nullable T value;

    MadeOnce(Supplier<T> make) {
        this.make = make;
    }

    /** The value; null when it was not needed yet. */
    @Nullable T ifMade() {
        return value;
    }

    T get() {
        T known = value;
        return known != null ? known : made();
    }

    /** Returns whether it was ever used. */
    boolean isMade() {
        return value != null;
    }

    private synchronized T made() {
        T known = value;
        if (known == null) {
            known = make.get();
            value = known;
        }
        return known;
    }
}

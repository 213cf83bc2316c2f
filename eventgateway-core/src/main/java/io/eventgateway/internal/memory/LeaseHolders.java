package io.eventgateway.internal.memory;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gateways that claim leases: until when each is alive, and which are gone.
 *
 * <p>Not thread-safe: the store's lock guards it.
 */
final class LeaseHolders {
    private final Map<String, Instant> aliveUntil = new HashMap<>();
    /** The gateways whose deliveries others have begun to take over. */
    private final Set<String> gone = new HashSet<>();

    /** A gateway claims leases until a time; returns false when it is gone. From now on those whose time is over are gone. */
    boolean claims(String holder, Instant until, Instant now) {
        aliveUntil.put(holder, until);
        aliveUntil.forEach((each, end) -> {
            if (!end.isAfter(now)) {
                gone.add(each);
            }
        });
        return !gone.contains(holder);
    }

    /** Extends the leases of a gateway; returns false when it is gone. */
    boolean renew(String holder, Instant until) {
        if (gone.contains(holder)) {
            return false;
        }
        aliveUntil.put(holder, until);
        return true;
    }

    void leaves(String holder) {
        gone.add(holder);
    }

    /** Returns whether a delivery with this holder may be claimed; null for a delivery that nobody holds. */
    boolean isFree(@Nullable String holder) {
        return holder == null || gone.contains(holder);
    }
}

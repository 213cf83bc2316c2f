package io.eventgateway.internal.memory;

import io.eventgateway.Event;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.Once;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The newest events that must not be kept twice, until their windows end. Guarded by the lock of the store. */
final class SeenEvents {
    private static final int MOST = 100_000;

    private record Key(String space, @Nullable String own, String source, String id) {
        static Key of(String space, Event event, @Nullable String own) {
            return own == null
                    ? new Key(space, null, event.getSource().toString(), event.getId())
                    : new Key(space, own, "", "");
        }
    }

    /** In the order in which they were seen. */
    private final Map<Key, Instant> until = new LinkedHashMap<>();

    /** Sees events, all of them or none; returns the places of those that were seen before, or come twice. */
    List<Integer> see(List<Accepted> events, Instant now) {
        Map<Key, Instant> added = new HashMap<>();
        Set<Integer> duplicates = new HashSet<>();
        for (int i = 0; i < events.size(); i++) {
            Accepted each = events.get(i);
            Once once = each.once();
            if (once == null) {
                continue;
            }
            Key key = Key.of(each.space(), each.event(), once.key());
            Instant seen = until.get(key);
            if (added.containsKey(key) || (seen != null && seen.isAfter(now))) {
                duplicates.add(i);
            } else {
                added.put(key, now.plus(once.window()));
            }
        }
        if (duplicates.isEmpty()) {
            added.forEach((key, end) -> {
                until.remove(key); // so that it is the newest again
                until.put(key, end);
            });
            forgetOldest(now);
        }
        List<Integer> sorted = new ArrayList<>(duplicates);
        sorted.sort(null);
        return sorted;
    }

    private void forgetOldest(Instant now) {
        Iterator<Instant> oldest = until.values().iterator();
        while (oldest.hasNext()) {
            boolean over = !oldest.next().isAfter(now);
            if (!over && until.size() <= MOST) {
                return;
            }
            oldest.remove();
        }
    }

    void forget(String space, Event event, @Nullable String own) {
        until.remove(Key.of(space, event, own));
    }
}

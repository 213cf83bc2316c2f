package io.eventgateway.internal.filter;

import java.util.Arrays;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries that one key of the index leads to.
 *
 * <p>Written under the index's lock, read without: an entry is in its place before the array is published anew, and a place that
 * was emptied stays empty until the array is replaced, so a reader goes through any array that it has seen.
 */
final class Bucket {
    private static final int FEWEST = 2;
    /** From here on the place of each entry is kept, so that taking one out does not depend on how many there are. */
    private static final int MANY = 64;

    private volatile @Nullable Entry<?>[] entries = new Entry<?>[FEWEST];
    private int used;
    private int live;
    private @Nullable IdentityHashMap<Entry<?>, Integer> places;
    /** How often an event came here; counted without a lock, since a count that is lost makes no difference. */
    private long hits;

    private final long since;

    /** A bucket that is made when its index has seen so many events. */
    Bucket(long since) {
        this.since = since;
    }

    void add(Entry<?> entry) {
        @Nullable Entry<?>[] all = entries;
        if (used == all.length) {
            @Nullable Entry<?>[] grown = new Entry<?>[Math.max(FEWEST, live * 2)];
            used = 0;
            for (Entry<?> each : all) {
                if (each != null) {
                    grown[used++] = each;
                }
            }
            if (used == grown.length) {
                grown = Arrays.copyOf(grown, used * 2);
            }
            all = grown;
            places = null;
        }
        all[used] = entry;
        if (places != null) {
            places.put(entry, used);
        }
        used++;
        live++;
        entries = all;
    }

    void remove(Entry<?> entry) {
        @Nullable Entry<?>[] all = entries;
        int place = live > MANY
                ? places(all).getOrDefault(entry, -1)
                : Arrays.asList(all).indexOf(entry);
        if (place >= 0) {
            all[place] = null;
            if (places != null) {
                places.remove(entry);
            }
            live--;
            entries = all;
        }
    }

    private IdentityHashMap<Entry<?>, Integer> places(@Nullable Entry<?>[] all) {
        IdentityHashMap<Entry<?>, Integer> known = places;
        if (known == null) {
            known = new IdentityHashMap<>();
            for (int i = 0; i < used; i++) {
                Entry<?> entry = all[i];
                if (entry != null) {
                    known.put(entry, i);
                }
            }
            places = known;
        }
        return known;
    }

    boolean isEmpty() {
        return live == 0;
    }

    int size() {
        return live;
    }

    void collect(Scratch scratch) {
        hits++;
        for (Entry<?> entry : entries) {
            if (entry != null) {
                scratch.candidate(entry);
            }
        }
    }

    /** Which part of the index's events came here; negative while too few have been seen to tell. */
    double share(long events) {
        long seen = events - since;
        return seen < Selectivity.ENOUGH_EVENTS ? -1 : Math.min(1, (double) hits / seen);
    }
}

package io.eventgateway.internal.filter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries that one key of the index leads to.
 *
 * <p>Written under the index's lock, read without: an entry is in its place before the array is published anew, and a place that
 * was emptied stays empty until the array is replaced, so a reader goes through any array that it has seen.
 */
final class Bucket {
    private static final int FEWEST = 2;

    private volatile @Nullable Entry<?>[] entries = new Entry<?>[FEWEST];
    private int used;
    private int live;
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
        }
        all[used++] = entry;
        live++;
        entries = all;
    }

    void remove(Entry<?> entry) {
        @Nullable Entry<?>[] all = entries;
        for (int i = 0; i < used; i++) {
            if (all[i] == entry) {
                all[i] = null;
                live--;
                entries = all;
                return;
            }
        }
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

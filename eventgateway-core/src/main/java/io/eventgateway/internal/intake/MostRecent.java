package io.eventgateway.internal.intake;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries that were added last, up to a number of entries and a number of bytes. Thread-safe: {@code lock} guards everything.
 *
 * <p>A cache that goes by how often a key is used (TinyLFU) refuses new keys while old ones are popular. Here the oldest
 * entry makes room for the newest one, always, so that what is promised to be remembered is.
 */
final class MostRecent<K, V> {
    /** The bytes of an entry besides its key and its value: the map's node, and this class' own entry. */
    static final int ENTRY_BYTES = 96;

    private static final class Entry<V> {
        private final V value;
        private long bytes;
        private long endsAt;

        Entry(V value, long bytes, long endsAt) {
            this.value = value;
            this.bytes = bytes;
            this.endsAt = endsAt;
        }
    }

    private final int maxEntries;
    private final long maxBytes;
    private final LongSupplier timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, Entry<V>> entries = new LinkedHashMap<>();
    private long bytes;

    /**
     * An empty map.
     *
     * @param timer nanoseconds, by which entries end
     */
    MostRecent(int maxEntries, long maxBytes, LongSupplier timer) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        this.timer = timer;
    }

    /** The value of a key; null when there is none. Asking does not make it more recent. */
    @Nullable V get(K key) {
        lock.lock();
        try {
            Entry<V> entry = living(key, timer.getAsLong());
            return entry == null ? null : entry.value;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a value where the key has none.
     *
     * @param size bytes of the key and the value
     * @return the value that was there, which stays as it is; null when this one was added
     */
    @Nullable V putIfAbsent(K key, V value, long size, Duration life) {
        lock.lock();
        try {
            long now = timer.getAsLong();
            Entry<V> known = living(key, now);
            if (known != null) {
                return known.value;
            }
            add(key, new Entry<>(value, size + ENTRY_BYTES, end(now, life)), now);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The value of a key, made where there is none. The entry is the most recent one now, and its life begins anew.
     *
     * @param size bytes of the key and a new value
     */
    V renew(K key, Supplier<V> make, long size, Duration life) {
        lock.lock();
        try {
            long now = timer.getAsLong();
            Entry<V> entry = living(key, now);
            if (entry == null) {
                entry = new Entry<>(make.get(), size + ENTRY_BYTES, end(now, life));
                add(key, entry, now);
            } else {
                entries.remove(key); // a key that is put again keeps its old place
                entries.put(key, entry);
                entry.endsAt = end(now, life);
            }
            return entry.value;
        } finally {
            lock.unlock();
        }
    }

    /** The entry takes so many bytes now; nothing happens when the key has another value, or none. */
    void resize(K key, V value, long size) {
        lock.lock();
        try {
            Entry<V> entry = entries.get(key);
            if (entry != null && entry.value == value) {
                bytes += size + ENTRY_BYTES - entry.bytes;
                entry.bytes = size + ENTRY_BYTES;
                makeRoom();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a key, unless it has another value. */
    void remove(K key, V value) {
        lock.lock();
        try {
            Entry<V> entry = entries.get(key);
            if (entry != null && entry.value == value) {
                drop(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The number of bytes that the entries take. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private static long end(long now, Duration life) {
        return now + TimeUnit.NANOSECONDS.convert(life); // a timer's nanoseconds may overflow, their differences do not
    }

    private @Nullable Entry<V> living(K key, long now) {
        Entry<V> entry = entries.get(key);
        if (entry != null && entry.endsAt - now <= 0) {
            drop(key);
            return null;
        }
        return entry;
    }

    private void add(K key, Entry<V> entry, long now) {
        entries.put(key, entry);
        bytes += entry.bytes;
        Iterator<Entry<V>> oldest = entries.values().iterator();
        Entry<V> first = oldest.next();
        while (first.endsAt - now <= 0) { // ends at the new entry, which lives
            oldest.remove();
            bytes -= first.bytes;
            first = oldest.next();
        }
        makeRoom();
    }

    private void makeRoom() {
        while (entries.size() > maxEntries || bytes > maxBytes) {
            drop(entries.keySet().iterator().next());
        }
    }

    private void drop(K key) {
        Entry<V> entry = entries.remove(key);
        bytes -= entry == null ? 0 : entry.bytes;
    }
}

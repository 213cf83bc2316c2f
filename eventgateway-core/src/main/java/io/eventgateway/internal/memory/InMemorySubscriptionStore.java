package io.eventgateway.internal.memory;

import io.eventgateway.spi.Registration;
import io.eventgateway.spi.StoreConflictException;
import io.eventgateway.spi.SubscriptionStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscription store of a gateway that was given no other.
 *
 * <p>{@code lock} guards the entries and the revision. Watchers are told under it, which is what keeps the changes of one key
 * in order; the contract asks them to be brief.
 */
public final class InMemorySubscriptionStore implements SubscriptionStore {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Entry> entries = new HashMap<>();
    private final List<Consumer<Change>> watchers = new CopyOnWriteArrayList<>();
    private long revision;

    @Override
    public List<Entry> load() {
        lock.lock();
        try {
            return List.copyOf(entries.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Change latest(Key key) {
        lock.lock();
        try {
            Entry entry = entries.get(key);
            return entry == null ? new Change(key, null, revision) : new Change(key, entry.value(), entry.version());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Entry put(Key key, Registration value, long expectedVersion) {
        lock.lock();
        try {
            expect(key, expectedVersion);
            Entry entry = new Entry(key, value, ++revision);
            entries.put(key, entry);
            tell(new Change(key, value, revision));
            return entry;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long delete(Key key, long expectedVersion) {
        lock.lock();
        try {
            if (!entries.containsKey(key)) {
                throw new StoreConflictException(
                        key + " was to be deleted at version " + expectedVersion + ", but does not exist");
            }
            expect(key, expectedVersion);
            entries.remove(key);
            tell(new Change(key, null, ++revision));
            return revision;
        } finally {
            lock.unlock();
        }
    }

    private void expect(Key key, long expectedVersion) {
        @Nullable Entry present = entries.get(key);
        long version = present == null ? 0 : present.version();
        if (version != expectedVersion) {
            throw new StoreConflictException(
                    key + " was expected at version " + expectedVersion + ", is at " + version);
        }
    }

    private void tell(Change change) {
        for (Consumer<Change> watcher : watchers) {
            watcher.accept(change);
        }
    }

    @Override
    public Watch watch(Consumer<Change> listener) {
        watchers.add(listener);
        return () -> watchers.remove(listener);
    }

    @Override
    public void close() {
        watchers.clear();
    }
}

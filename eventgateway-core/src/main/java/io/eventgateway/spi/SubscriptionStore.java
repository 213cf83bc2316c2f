package io.eventgateway.spi;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.internal.memory.InMemorySubscriptionStore;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place of functions, subscriptions and event types: versioned entries that several gateways, in one process or many, may share.
 *
 * <p>Thread-safe. Every call is one atomic step with a time limit of the store's own. {@code SubscriptionStoreContract} in
 * eventgateway-test is the contract as tests.
 */
public interface SubscriptionStore extends AutoCloseable {
    /** The kinds of entries. */
    enum Kind {
        /** A {@link FunctionDefinition}. */
        FUNCTION,
        /** A {@link Subscription}. */
        SUBSCRIPTION,
        /** An {@link EventTypeDefinition}. */
        EVENT_TYPE,
        /** An {@link EventTypePolicy}, of which a space has at most one. */
        EVENT_TYPE_POLICY;

        /**
         * Reads a registration of this kind from its JSON form.
         *
         * @throws io.eventgateway.EventGatewayException if it is not one
         */
        public Registration read(String json) {
            return switch (this) {
                case FUNCTION -> FunctionDefinition.fromJson(json);
                case SUBSCRIPTION -> Subscription.fromJson(json);
                case EVENT_TYPE -> EventTypeDefinition.fromJson(json);
                case EVENT_TYPE_POLICY -> EventTypePolicy.fromJson(json);
            };
        }

        /** The words for it in messages. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** The name of an entry, unique in the store. */
    record Key(Kind kind, String space, String id) {
        /** Refuses nulls. */
        public Key {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(space, "space");
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * A stored value.
     *
     * @param version more than 0, and more than the version of any change of this key before, deletions included
     */
    record Entry(Key key, Registration value, long version) {
        /** Refuses nulls. */
        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * A change that a watcher is told of: the entry as it is now, or its deletion.
     *
     * @param value null when the entry was deleted
     * @param version the version of this change
     */
    record Change(Key key, @Nullable Registration value, long version) {}

    /** A running watch, which ends when it is closed. */
    interface Watch extends AutoCloseable {
        /** Ends the watch. The listener may still be called for a change that is being told. */
        @Override
        void close();
    }

    /** Creates an empty store in memory. Gateways that are given the same one see each other's functions and subscriptions. */
    static SubscriptionStore inMemory() {
        return new InMemorySubscriptionStore();
    }

    /** Returns all entries, as they were at one moment. */
    List<Entry> load();

    /**
     * Returns the latest change of a key: its entry as it is now, or its deletion. A gateway asks before it decides that nothing
     * is to be done, because the watch may not have told yet what another gateway did.
     *
     * @return without a value where there is no such entry; the version is that of the change then, or any other that is not less
     *     than it, and less than that of the next change of the key
     */
    Change latest(Key key);

    /**
     * Writes an entry if it is at the expected version.
     *
     * @param expectedVersion the version that the change is based on; 0 when the entry must not exist
     * @return the entry with its new version
     * @throws io.eventgateway.spi.StoreConflictException if the entry is at another version; nothing was written
     */
    Entry put(Key key, Registration value, long expectedVersion);

    /**
     * Deletes an entry if it is at the expected version.
     *
     * @return the version of the deletion
     * @throws io.eventgateway.spi.StoreConflictException if the entry is at another version or does not exist; nothing was deleted
     */
    long delete(Key key, long expectedVersion);

    /**
     * Tells the listener of changes that are made after this call returns, by any gateway, this one included. The listener gets the
     * latest change of each key at least once, earlier changes perhaps, and the changes of one key in the order of their versions. It
     * must be brief and must not call the store.
     */
    Watch watch(Consumer<Change> listener);

    /** Releases what the store holds. A gateway does not close a store that it was given. */
    @Override
    void close();
}

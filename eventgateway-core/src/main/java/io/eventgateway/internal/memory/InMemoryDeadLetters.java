package io.eventgateway.internal.memory;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.error.DeadLetterNotFoundException;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of a store, in the order in which they were given up, as many as are kept at most.
 *
 * <p>Not thread-safe: the store's lock guards it.
 */
final class InMemoryDeadLetters {
    private static final Logger log = LoggerFactory.getLogger(InMemoryDeadLetters.class);

    /** A dead letter with the delivery that was given up. */
    record Entry(long sequence, PendingDelivery pending, DeadLetter letter) {
        Delivery delivery() {
            return pending.delivery();
        }
    }

    private final int most;
    private final DeadLetterOverflow overflow;
    private final Map<DeliveryId, Entry> byId = new HashMap<>();
    private final NavigableMap<Long, Entry> bySequence = new TreeMap<>();
    private long sequence;
    private long discarded;

    InMemoryDeadLetters(int most, DeadLetterOverflow overflow) {
        if (most < 0) {
            throw new IllegalArgumentException("maxDeadLetters must be at least 0, was " + most);
        }
        this.most = most;
        this.overflow = Objects.requireNonNull(overflow, "overflow");
    }

    /**
     * Adds a dead letter. Returns the delivery that is discarded for that, which may be the added one; null when all
     * are kept.
     */
    @Nullable PendingDelivery add(PendingDelivery pending, DeadLetter letter) {
        PendingDelivery evicted = null;
        if (byId.size() >= most) {
            if (most == 0 || overflow == DeadLetterOverflow.DISCARD_NEWEST) {
                countDiscarded(letter);
                return pending;
            }
            Entry oldest = bySequence.firstEntry().getValue();
            remove(oldest);
            countDiscarded(oldest.letter());
            evicted = oldest.pending();
        }
        Entry added = new Entry(sequence++, pending, letter);
        byId.put(added.delivery().id(), added);
        bySequence.put(added.sequence(), added);
        return evicted;
    }

    private void countDiscarded(DeadLetter letter) {
        discarded++;
        if (Long.bitCount(discarded) == 1) { // the 1st, 2nd, 4th, 8th, ...: a full store should not fill the log too
            log.warn(
                    "{} dead letters were discarded because {} are kept at most; the latest was of event '{}' to function '{}'",
                    discarded,
                    most,
                    letter.event().getId(),
                    letter.functionId());
        }
    }

    void remove(Entry entry) {
        byId.remove(entry.delivery().id());
        bySequence.remove(entry.sequence());
    }

    boolean contains(DeliveryId id) {
        return byId.containsKey(id);
    }

    /** Finds a dead letter of a space; null when there is none. */
    @Nullable Entry find(String space, DeliveryId id) {
        Entry found = byId.get(id);
        return found == null || !found.delivery().space().equals(space) ? null : found;
    }

    /** A copy of all dead letters, in no order. */
    List<Entry> all() {
        return List.copyOf(byId.values());
    }

    long count(String space) {
        return byId.values().stream()
                .filter(each -> each.delivery().space().equals(space))
                .count();
    }

    /**
     * The dead letters of a space that a query matches, newest first.
     *
     * @throws DeadLetterNotFoundException if the query begins after a dead letter that is not there any more
     */
    List<DeadLetter> list(String space, DeadLetterQuery query) {
        NavigableMap<Long, Entry> page = bySequence;
        if (query.after() != null) {
            Entry last = byId.get(DeliveryId.parse(query.after()));
            if (last == null) {
                throw new DeadLetterNotFoundException("the page can't begin after dead letter '" + query.after()
                        + "': it is not there any more; begin with the first page");
            }
            page = bySequence.headMap(last.sequence(), false);
        }
        Integer limit = query.limit();
        return page.descendingMap().values().stream()
                .filter(each -> each.delivery().space().equals(space))
                .map(Entry::letter)
                .filter(query::matches)
                .limit(limit == null ? Long.MAX_VALUE : limit)
                .toList();
    }
}

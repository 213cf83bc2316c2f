package io.eventgateway.delivery;

import io.eventgateway.Emission;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.DeadLetterNotFoundException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.spi.InMemoryStores;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a space that were given up. They are kept by the event store; the one in memory keeps as many as {@link
 * InMemoryStores.Builder#deadLetters} says.
 *
 * <p>Thread-safe.
 */
public interface DeadLetters {
    /**
     * How dead letters are delivered once more.
     *
     * @param functionId the function to deliver to; null for the one that they were meant for
     * @param interval how long to wait between two of them; zero for no time
     */
    record Redrive(@Nullable String functionId, Duration interval) {
        private static final Redrive AGAIN = new Redrive(null, Duration.ZERO);

        /** Checks the interval: zero to an hour. */
        public Redrive {
            if (interval.isNegative() || interval.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("interval must be zero to PT1H, was " + interval);
            }
        }

        /** At once, to the function that they were meant for. */
        public static Redrive again() {
            return AGAIN;
        }

        /** To another function, under the policy of the subscription that they were meant for. */
        public Redrive to(String otherFunctionId) {
            return new Redrive(otherFunctionId, interval);
        }

        /** At most so many in each second, 1 to 1,000,000. */
        public Redrive perSecond(int most) {
            if (most < 1 || most > 1_000_000) {
                throw new IllegalArgumentException("perSecond must be 1 to 1,000,000, was " + most);
            }
            return new Redrive(functionId, Duration.ofSeconds(1).dividedBy(most));
        }
    }

    /** The newest 100. */
    List<DeadLetter> list();

    /** Those of a query, newest first. */
    List<DeadLetter> list(DeadLetterQuery query);

    /** One of them. */
    Optional<DeadLetter> get(String id);

    /** How many there are in the space. */
    long count();

    /** How many of the space the query matches, at most its limit; they are read, page by page. */
    long count(DeadLetterQuery query);

    /**
     * Delivers one again, as accepted now and with all the attempts of its subscription's policy. Its history stays with it.
     *
     * @return how that goes on
     * @throws DeadLetterNotFoundException if there is none of that id
     * @throws UnreadableEventException if its event can't be read; the dead letter stays
     * @throws BacklogFullException if the backlog has no room; the dead letter stays
     * @throws GatewayClosedException if the gateway is closed
     */
    Emission redrive(String id);

    /** As {@link #redrive(String)}, to another function if wanted. */
    Emission redrive(String id, Redrive how);

    /**
     * Delivers the dead letters that {@link #list(DeadLetterQuery)} has for the query again, the oldest of them first. Dead letters whose
     * events can't be read stay, which is logged with their number.
     *
     * @return how many are on their way
     * @throws BacklogFullException if the backlog has no room; those that it had room for are on their way, the others stay
     */
    int redrive(DeadLetterQuery query);

    /** As {@link #redrive(DeadLetterQuery)}, at a rate or to another function. */
    int redrive(DeadLetterQuery query, Redrive how);

    /** Forgets one; false when there is none of that id. */
    boolean purge(String id);

    /** Forgets the dead letters that {@link #list(DeadLetterQuery)} has for the query; how many those were. */
    int purge(DeadLetterQuery query);
}

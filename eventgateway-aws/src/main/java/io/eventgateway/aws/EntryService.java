package io.eventgateway.aws;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A queue, topic, stream or bus that takes events in batches, and says of each entry of a batch whether it took it. Thread-safe.
 *
 * @param <E> the service's entry
 */
public interface EntryService<E> extends AutoCloseable {
    /** The most entries that a call takes. */
    int maxEntries();

    /** The most bytes that the entries of a call may have together, counted as {@link #size} does. */
    int maxBytes();

    /** Returns whether calls are made one after the other, since the service keeps the order in which they come. */
    default boolean inOrder() {
        return false;
    }

    /**
     * The entry of an event.
     *
     * @param content what is sent of the event; must not be changed
     * @param index the entry's place among those of the invocation, of which its id is made where entries have ids
     * @throws InvocationException not retryable, if the service can't be given the event so
     */
    E entry(Event event, byte[] content, int index);

    /** How many bytes of {@link #maxBytes} an entry takes. */
    int size(E entry);

    /**
     * Sends entries in one call.
     *
     * @param within what is left of the call's time; more than zero
     * @return a future that ends with the outcome of each entry, in their order, or with whatever the SDK failed with; to cancel it ends
     *     the call
     */
    CompletableFuture<List<Outcome>> send(List<E> entries, Duration within);

    /** What an answer says of the entries, as a future that ends the call when it is cancelled, which {@code thenApply}'s would not. */
    static <A> CompletableFuture<List<Outcome>> outcomes(
            CompletableFuture<A> call, Function<? super A, List<Outcome>> reading) {
        CompletableFuture<List<Outcome>> outcomes = call.thenApply(reading);
        outcomes.whenComplete((value, failure) -> {
            if (outcomes.isCancelled()) {
                call.cancel(true);
            }
        });
        return outcomes;
    }

    @Override
    void close();

    /**
     * What became of an entry: a receipt, or a failure.
     *
     * @param receipt what the service says of an entry that it took, such as the id that it gave to it; empty for a failure
     * @param failure null for an entry that the service took
     */
    record Outcome(Map<String, String> receipt, @Nullable InvocationException failure) {
        /** The outcome of an entry that the service took. */
        public static Outcome taken(String name, @Nullable String value) {
            return new Outcome(value == null ? Map.of() : Map.of(name, value), null);
        }

        /** The outcome of an entry that the service did not take. */
        public static Outcome refused(InvocationException failure) {
            return new Outcome(Map.of(), failure);
        }
    }
}

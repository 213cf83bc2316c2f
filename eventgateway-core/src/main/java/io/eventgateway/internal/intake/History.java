package io.eventgateway.internal.intake;

import io.eventgateway.EventGatewayException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.SubscriptionNotFoundException;
import io.eventgateway.history.EventChain;
import io.eventgateway.history.EventHistory;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.routing.Space;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The history of one space: what its store has recorded, and the chains that this process has seen. */
public final class History implements EventHistory {
    private static final int MAX_NAME = 256;

    private final Space space;
    private final Intake intake;
    private final DeliveryEngine deliveries;
    private final Replays replays;
    private final Predicate<String> subscribed;

    /**
     * The history of a space.
     *
     * @param subscribed whether there is a subscription of that id
     */
    public History(
            Space space, Intake intake, DeliveryEngine deliveries, Replays replays, Predicate<String> subscribed) {
        this.space = space;
        this.intake = intake;
        this.deliveries = deliveries;
        this.replays = replays;
        this.subscribed = subscribed;
    }

    @Override
    public EventChain chain(String correlationId) {
        return intake.chain(correlationId);
    }

    @Override
    public List<RecordedEvent> events(EventQuery query) {
        Objects.requireNonNull(query, "query must not be null; EventQuery.all() is for all");
        requireHistory("no event can be read");
        return stored(() -> deliveries.store().events(space.name(), query));
    }

    @Override
    public Replay replay(EventQuery query, ReplayOptions options) {
        Objects.requireNonNull(query, "query must not be null; EventQuery.all() is for all");
        intake.checkOpen();
        requireHistory("there is nothing to replay");
        String wanted = options.subscriptionId();
        if (wanted != null && !subscribed.test(wanted)) {
            throw new SubscriptionNotFoundException(
                    "events can't be replayed to subscription '" + wanted + "': it is not there");
        }
        return stored(() -> replays.begin(space, query, options));
    }

    @Override
    public long position(String consumer) {
        requireName(consumer);
        requireHistory("no consumer has a position");
        return stored(() -> deliveries.store().consumed(space.name(), consumer));
    }

    @Override
    public void position(String consumer, long position) {
        requireName(consumer);
        if (position < 0) {
            throw new IllegalArgumentException("position must be 0 or that of an event, was " + position);
        }
        requireHistory("no consumer has a position");
        stored(() -> {
            deliveries.store().consumed(space.name(), consumer, position);
            return position;
        });
    }

    @Override
    public long erase(String subject) {
        return stored(() -> deliveries.erase(space.name(), Objects.requireNonNull(subject, "subject")));
    }

    /** Checks the name of a consumer, which has the form of a replay's. */
    private static void requireName(String consumer) {
        Objects.requireNonNull(consumer, "consumer must not be null");
        if (consumer.isEmpty() || consumer.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "the name of a consumer must have 1 to " + MAX_NAME + " characters, had " + consumer.length());
        }
    }

    private void requireHistory(String consequence) {
        if (!deliveries.store().hasHistory()) {
            throw new IllegalStateException(consequence + ": the event store keeps no history; switch it on by "
                    + "EventGateway.builder().stores(InMemoryStores.builder().history(Retention.of(age, events)).build()),"
                    + " or in the builder of the stores that the gateway was given");
        }
    }

    private static <T> T stored(Supplier<T> step) {
        try {
            return step.get();
        } catch (EventGatewayException | NullPointerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StoreFailedException(
                    "the history could not be read or changed: the event store failed (" + e + ")", e);
        }
    }
}

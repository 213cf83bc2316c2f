package io.eventgateway.internal.intake;

import io.eventgateway.EventGatewayException;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over recorded events, a page at a time. Each step runs on a worker. Whatever has time for a step asks for it by {@link
 * #wake}, and one step runs after the other, so what is not volatile is written by one thread at a time.
 *
 * <p>An event leaves the page when it was handed over, or is to be passed over. A step that fails changes neither the page nor the
 * progress, and is tried again until its {@link Patience} ends.
 */
final class RunningReplay implements Replay {
    private static final Logger log = LoggerFactory.getLogger(RunningReplay.class);
    private static final int PAGE = 100;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PAUSE_FOR_ROOM = Duration.ofMillis(10);
    private static final Duration LONGEST_FAILURE = Duration.ofMinutes(1);
    private static final Duration LONGEST_WITHOUT_ROOM = Duration.ofMinutes(10);
    /** An encryption may ask a service for its keys, which is away for a moment. */
    private static final Duration LONGEST_WITHOUT_KEYS = Duration.ofSeconds(2);

    private final Space space;
    private final Intake intake;
    private final DeliveryEngine deliveries;
    private final EventStore store;
    private final EventQuery query;
    private final ReplayOptions options;
    private final String name;
    private final long end;
    private final long most;
    private final Duration interval;
    private final ConsumerPosition position;
    private final Patience forStore;
    private final Patience forRoom;
    private final Patience forKeys;
    private final CompletableFuture<Progress> completion = new CompletableFuture<>();
    private final Deque<RecordedEvent> page = new ArrayDeque<>();
    /** Whether nothing comes after the page. */
    private boolean lastPage;

    private boolean settled;
    /** The progress of all events that have left a page. */
    private volatile Progress progress;

    private volatile boolean cancelled;
    /** How often a step was asked for since the last one began; who makes it 1 runs the steps. */
    private final AtomicInteger wakes = new AtomicInteger();

    RunningReplay(Space space, Intake intake, DeliveryEngine deliveries, EventQuery query, ReplayOptions options) {
        this.space = space;
        this.intake = intake;
        this.deliveries = deliveries;
        this.store = deliveries.store();
        this.query = query;
        Integer limit = query.limit();
        this.most = limit == null ? Long.MAX_VALUE : limit;
        this.options = options;
        this.name = options.name() == null ? UUID.randomUUID().toString() : options.name();
        this.end = store.extent().last();
        RateLimit rate = options.rate();
        this.interval = rate == null ? Duration.ZERO : rate.per().dividedBy(rate.permits());
        this.forStore = new Patience(LONGEST_FAILURE, deliveries.scheduler()::now);
        this.forRoom = new Patience(LONGEST_WITHOUT_ROOM, deliveries.scheduler()::now);
        this.forKeys = new Patience(LONGEST_WITHOUT_KEYS, deliveries.scheduler()::now);
        this.position = new ConsumerPosition(store, space.name(), options.name());
        this.progress = new Progress(Math.max(position.known(), query.after()), 0, 0, false);
    }

    void begin() {
        deliveries.offThisThread(this::wake);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public CompletableFuture<Progress> completion() {
        return completion.copy();
    }

    @Override
    public void cancel() {
        cancelled = true;
        deliveries.offThisThread(this::wake); // the next step may be hours away
    }

    /** The gateway closes: ends the replay here, or with the step that is under way. */
    void close() {
        cancelled = true;
        wake();
    }

    private void wake() {
        if (wakes.getAndIncrement() > 0) {
            return; // who runs the steps runs another one
        }
        int seen;
        do {
            seen = wakes.get();
            if (!completion.isDone()) {
                step();
            }
        } while (!wakes.compareAndSet(seen, 0));
    }

    private void step() {
        try {
            if (cancelled || deliveries.isClosed()) {
                stop();
            } else if (!settled && store.extent().settled() < end) {
                again(PAUSE);
            } else {
                settled = true;
                handOverPage();
            }
            forStore.renew();
        } catch (BacklogFullException e) {
            forStore.renew();
            if (forRoom.isOver()) {
                fail(new BacklogFullException(
                        stopped() + ", because there was no room for " + LONGEST_WITHOUT_ROOM + ": " + e.getMessage()));
            } else {
                again(PAUSE_FOR_ROOM);
            }
        } catch (RuntimeException e) {
            if (forStore.isOver()) {
                fail(new StoreFailedException(stopped() + ": " + e, e));
            } else {
                log.debug("Replay '{}' is tried again", name, e);
                again(PAUSE);
            }
        }
    }

    private String stopped() {
        return "replay '" + name + "' stopped after position " + progress.position() + " and " + progress.events()
                + " events";
    }

    /** Ends the replay exceptionally, at the position that it has reached. */
    private void fail(EventGatewayException failure) {
        try {
            keepPosition();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        completion.completeExceptionally(failure);
    }

    private void stop() {
        try {
            keepPosition();
        } catch (RuntimeException e) {
            if (!deliveries.isClosed()) {
                throw e; // it is tried again
            }
            log.warn("Position {} of replay '{}' was not kept, since the gateway closes", progress.position(), name, e);
        }
        end(false);
    }

    private void again(Duration in) {
        deliveries.later(in, this::wake);
        if (deliveries.isClosed()) {
            end(false); // nothing that is put off comes any more
        }
    }

    private void handOverPage() {
        if (page.isEmpty()) {
            readPage();
        }
        while (!page.isEmpty() && !cancelled && progress.events() < most) {
            RecordedEvent next = page.getFirst();
            if (!next.isReadable() && !forKeys.isOver()) {
                page.clear(); // it is read again, perhaps with the key
                keepPosition();
                again(PAUSE);
                return;
            }
            boolean handedOver;
            try {
                handedOver = next.isReadable() && intake.replay(space, next, name, this::isWanted);
            } catch (GatewayClosedException e) {
                cancelled = true;
                break;
            }
            forRoom.renew();
            page.removeFirst();
            passed(next, handedOver);
            if (handedOver && !interval.isZero()) {
                if (page.isEmpty()) {
                    keepPosition();
                }
                again(interval);
                return;
            }
        }
        boolean limited = progress.events() >= most;
        boolean finished = (lastPage || limited) && !cancelled;
        if (finished && !limited) {
            progress =
                    new Progress(Math.max(end, progress.position()), progress.events(), progress.unreadable(), false);
        }
        keepPosition();
        if (lastPage || limited || cancelled) {
            end(finished);
        } else {
            deliveries.offThisThread(this::wake);
        }
    }

    /** Reads the next page of the events that were recorded before the replay began. */
    private void readPage() {
        List<RecordedEvent> read = store.events(space.name(), query.limit(PAGE).after(progress.position()));
        for (RecordedEvent each : read) {
            if (each.position() <= end) {
                page.add(each);
            }
        }
        lastPage = page.size() < PAGE;
    }

    private void passed(RecordedEvent event, boolean handedOver) {
        if (!event.isReadable()) {
            log.warn(
                    "Replay '{}' passes over the event at position {}: {}", name, event.position(), event.unreadable());
        }
        progress = new Progress(
                event.position(),
                progress.events() + (handedOver ? 1 : 0),
                progress.unreadable() + (event.isReadable() ? 0 : 1),
                false);
    }

    private boolean isWanted(Target target) {
        String only = options.subscriptionId();
        return only == null || only.equals(target.subscription().id());
    }

    private void keepPosition() {
        position.moveTo(progress.position());
    }

    private void end(boolean finished) {
        progress = new Progress(progress.position(), progress.events(), progress.unreadable(), finished);
        completion.complete(progress);
    }
}

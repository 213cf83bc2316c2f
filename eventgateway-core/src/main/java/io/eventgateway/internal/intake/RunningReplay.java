package io.eventgateway.internal.intake;

import io.eventgateway.delivery.RateLimit;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.UnreadableEventException;
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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over recorded events, a page at a time. Each step runs on a worker. Whatever has time for a step asks for it by {@link
 * #wake}, and one step runs after the other, so what is not volatile is written by one thread at a time.
 */
final class RunningReplay implements Replay {
    private static final Logger log = LoggerFactory.getLogger(RunningReplay.class);
    private static final int PAGE = 100;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int PAUSES_UNTIL_FAILED = 600;
    /** An encryption may ask a service for its keys, which is away for a moment. */
    private static final int PAUSES_UNTIL_UNREADABLE = 20;

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
    private final CompletableFuture<Progress> completion = new CompletableFuture<>();
    private final Deque<RecordedEvent> page = new ArrayDeque<>();
    /** Whether nothing comes after the page. */
    private boolean lastPage;

    private int pageSize = PAGE;
    private int pauses;
    private boolean settled;
    /** The progress of all pages before this one. */
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
        String consumer = options.name();
        long from = consumer == null ? 0 : store.consumed(space.name(), consumer);
        this.progress = new Progress(Math.max(from, query.after()), 0, false);
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
            pauses = 0;
        } catch (BacklogFullException e) {
            again(PAUSE);
        } catch (UnreadableEventException e) {
            if (pageSize > 1) {
                pageSize = 1; // those before it can be read
                again(Duration.ZERO);
            } else if (++pauses > PAUSES_UNTIL_UNREADABLE) {
                keepPositionIfPossible();
                completion.completeExceptionally(new UnreadableEventException(
                        "replay '" + name + "' stopped after position " + progress.position() + " and "
                                + progress.events() + " events: " + e.getMessage(),
                        e));
            } else {
                again(PAUSE);
            }
        } catch (RuntimeException e) {
            pauses++;
            if (pauses > PAUSES_UNTIL_FAILED) {
                completion.completeExceptionally(new StoreFailedException(
                        "replay '" + name + "' stopped after position " + progress.position() + ": " + e, e));
            } else {
                log.debug("Replay '{}' is tried again", name, e);
                again(PAUSE);
            }
        }
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
            page.addAll(store.events(space.name(), query.limit(pageSize).after(progress.position())));
            lastPage = page.size() < pageSize;
        }
        while (!page.isEmpty() && !cancelled && progress.events() < most) {
            RecordedEvent next = page.getFirst();
            if (next.position() > end) {
                page.clear();
                lastPage = true;
                break;
            }
            try {
                intake.replay(space, next, name, this::isWanted);
            } catch (GatewayClosedException e) {
                cancelled = true;
                break;
            }
            page.removeFirst();
            progress = new Progress(next.position(), progress.events() + 1, false);
            if (!interval.isZero()) {
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
            progress = new Progress(Math.max(end, progress.position()), progress.events(), false);
        }
        keepPosition();
        if (lastPage || limited || cancelled) {
            end(finished);
        } else {
            deliveries.offThisThread(this::wake);
        }
    }

    private boolean isWanted(Target target) {
        String only = options.subscriptionId();
        return only == null || only.equals(target.subscription().id());
    }

    private void keepPosition() {
        @Nullable String consumer = options.name();
        if (consumer != null && progress.position() > 0) {
            store.consumed(space.name(), consumer, progress.position());
        }
    }

    private void keepPositionIfPossible() {
        try {
            keepPosition();
        } catch (RuntimeException e) {
            log.debug("The position of replay '{}' is not kept", name, e);
        }
    }

    private void end(boolean finished) {
        progress = new Progress(progress.position(), progress.events(), finished);
        completion.complete(progress);
    }
}

package io.eventgateway.internal.delivery;

import io.eventgateway.Emission;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeadLetters;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.DeadLetterNotFoundException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dead letters of one space, to look at, deliver again, and forget. */
public final class DefaultDeadLetters implements DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DefaultDeadLetters.class);
    private static final int PAGE = 1_000;
    private static final int NEWEST = 100;

    private final String space;
    private final DeliveryEngine engine;
    private final EventStore store;
    private final TargetFinder targets;
    private final Runnable openCheck;

    /** Creates the dead letters of a space. */
    public DefaultDeadLetters(String space, DeliveryEngine engine, TargetFinder targets, Runnable openCheck) {
        this.space = space;
        this.engine = engine;
        this.store = engine.store();
        this.targets = targets;
        this.openCheck = openCheck;
    }

    @Override
    public List<DeadLetter> list() {
        return list(DeadLetterQuery.all().limit(NEWEST));
    }

    @Override
    public List<DeadLetter> list(DeadLetterQuery query) {
        List<DeadLetter> found = new ArrayList<>();
        read(query, found::addAll);
        return found;
    }

    @Override
    public Optional<DeadLetter> get(String id) {
        DeliveryId parsed = DeliveryId.parse(Objects.requireNonNull(id, "id"));
        return parsed == null ? Optional.empty() : Optional.ofNullable(store.deadLetter(space, parsed));
    }

    @Override
    public long count() {
        return store.countDeadLetters(space);
    }

    @Override
    public long count(DeadLetterQuery query) {
        long[] count = {0};
        read(query, page -> count[0] += page.size());
        return count[0];
    }

    @Override
    public Emission redrive(String id) {
        return redrive(id, Redrive.again());
    }

    @Override
    public Emission redrive(String id, Redrive how) {
        openCheck.run();
        Emission emission = redrive(id, how, null);
        if (emission == null) {
            throw new DeadLetterNotFoundException("there is no dead letter '" + id + "' in space '" + space + "'");
        }
        return emission;
    }

    @Override
    public int redrive(DeadLetterQuery query) {
        return redrive(query, Redrive.again());
    }

    @Override
    public int redrive(DeadLetterQuery query, Redrive how) {
        openCheck.run();
        List<String> ids = all(query);
        Collections.reverse(ids);
        Instant dueAt = engine.now();
        int redriven = 0;
        int unreadable = 0;
        for (String id : ids) {
            try {
                if (redrive(id, how, redriven == 0 ? null : dueAt) != null) {
                    redriven++;
                    dueAt = dueAt.plus(how.interval());
                }
            } catch (UnreadableEventException e) {
                unreadable++;
            }
        }
        if (unreadable > 0) {
            log.warn("{} dead letters of space '{}' stay, because their events can't be read", unreadable, space);
        }
        return redriven;
    }

    private @Nullable Emission redrive(String id, Redrive how, @Nullable Instant dueAt) {
        DeliveryId parsed = DeliveryId.parse(id);
        DeadLetter letter = parsed == null ? null : store.deadLetter(space, parsed);
        if (parsed == null || letter == null) {
            return null;
        }
        EventStore.Delivery wanted = new EventStore.Delivery(
                parsed,
                space,
                letter.event(),
                new EventStore.Terms(engine.now(), null, null),
                letter.subscriptionId(),
                how.functionId() == null ? letter.functionId() : how.functionId());
        Target target = targets.find(wanted, false);
        if (target == null) {
            throw new FunctionNotFoundException("dead letter '" + id + "' can't be delivered: function '"
                    + wanted.functionId() + "' is not registered in space '" + space + "'");
        }
        if (!engine.backlog().take(1, 0, Causes.slot()[0] != null)) {
            throw new BacklogFullException("the backlog has no room for dead letter '" + id + "', which stays");
        }
        EventStore.Lease lease;
        String instance = engine.sharing().instance();
        try {
            lease = store.redrive(space, parsed, instance, how.functionId());
        } catch (RuntimeException e) {
            engine.backlog().giveBack(1);
            throw e;
        }
        if (lease == null) { // somebody else was faster
            engine.backlog().giveBack(1);
            return null;
        }
        Emission emission = engine.redriven(instance, lease, target, dueAt);
        engine.invocations().emitter().redriven(emission);
        return emission;
    }

    /** Reads what the query matches, as many as its limit says, one page at a time. */
    private void read(DeadLetterQuery query, Consumer<List<DeadLetter>> reader) {
        Integer limit = Objects.requireNonNull(query, "query must not be null; DeadLetterQuery.all() is for all")
                .limit();
        long left = limit == null ? Long.MAX_VALUE : limit;
        DeadLetterQuery next = query;
        while (left > 0) {
            int size = (int) Math.min(PAGE, left);
            List<DeadLetter> page = store.deadLetters(space, next.limit(size));
            reader.accept(page);
            if (page.size() < size) {
                return;
            }
            left -= size;
            next = next.after(page.get(size - 1).id());
        }
    }

    private List<String> all(DeadLetterQuery query) {
        List<String> ids = new ArrayList<>();
        read(query, page -> page.forEach(letter -> ids.add(letter.id())));
        return ids;
    }

    @Override
    public boolean purge(String id) {
        DeliveryId parsed = DeliveryId.parse(Objects.requireNonNull(id, "id"));
        return parsed != null && store.purge(space, parsed);
    }

    @Override
    public int purge(DeadLetterQuery query) {
        int purged = 0;
        for (String id : all(query)) {
            purged += purge(id) ? 1 : 0;
        }
        return purged;
    }
}

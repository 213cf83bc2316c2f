package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call for several deliveries of a subscription, each of which goes on by itself afterwards. */
final class BatchedCall extends Delivery {
    private final CallPermit permit;
    private final List<EmittedDelivery> members;
    /** Those that can't be handed over, and why. Written before the call is made. */
    private final IdentityHashMap<EmittedDelivery, InvocationException> leftOut = new IdentityHashMap<>();

    BatchedCall(Deliveries engine, CallPermit permit, List<EmittedDelivery> members) {
        super(
                engine,
                members.get(0).function(),
                members.get(0).target().subscription(),
                members.get(0).event(),
                members.get(0).target().policy().timeoutNanos());
        this.permit = permit;
        this.members = members;
    }

    @Override
    boolean isCounted() {
        return false; // its members are
    }

    @Override
    List<? extends Delivery> members() {
        return members;
    }

    void start() {
        begin();
    }

    @Override
    int attemptsBefore() {
        int most = 0;
        for (EmittedDelivery member : members) {
            most = Math.max(most, member.attemptsBefore());
        }
        return most;
    }

    @Override
    CompletableFuture<InvocationResult> call(int attempt, long deadline) {
        Subscription subscription = members.get(0).target().subscription();
        List<Event> events = new ArrayList<>(members.size());
        for (EmittedDelivery member : members) {
            try {
                events.add(engine().invocations()
                        .reshaped(member.event(), subscription, function().space()));
            } catch (InvocationException e) {
                leftOut.put(member, e);
            }
        }
        return events.isEmpty()
                ? CompletableFuture.completedFuture(InvocationResult.empty())
                : engine().invocations().invokeBatch(function(), subscription, events, attempt, deadline);
    }

    @Override
    void attemptEnded(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        over();
        engine().live().ended(this);
        Set<String> failed = Set.of();
        InvocationException why = failure;
        if (failure == null) {
            try {
                failed = PartialFailures.of(Objects.requireNonNull(result));
            } catch (IllegalArgumentException e) {
                why = new InvocationException(
                        InvocationException.Kind.FUNCTION_ERROR,
                        false,
                        "function '" + function().id() + "' answered a batch with " + e.getMessage(),
                        e);
            }
        }
        for (EmittedDelivery member : members) {
            InvocationException own = leftOut.get(member);
            if (own != null || why != null) {
                member.endInBatch(null, own != null ? own : why);
            } else if (failed.contains(member.event().getId())) {
                member.endInBatch(
                        null,
                        new InvocationException(
                                InvocationException.Kind.FUNCTION_ERROR,
                                true,
                                "function '" + function().id() + "' answered that event '"
                                        + member.event().getId() + "' of the batch failed"));
            } else {
                member.endInBatch(InvocationResult.empty(), null);
            }
        }
        if (why != null && why.retryable()) {
            permit.failed();
        } else {
            permit.succeeded();
        }
    }

    @Override
    void dropped(int attemptsBegun, InvocationException failure) {
        engine().live().ended(this);
        members.forEach(Delivery::abandon);
        permit.unused();
    }
}

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
    private final Lane lane;
    private final List<EmittedDelivery> members;
    /** Those that can't be handed over, and why. Written before the call is made. */
    private final IdentityHashMap<EmittedDelivery, InvocationException> leftOut = new IdentityHashMap<>();

    BatchedCall(Deliveries room, Lane lane, List<EmittedDelivery> members) {
        super(
                room,
                members.get(0).function(),
                members.get(0).target().subscription(),
                members.get(0).event(),
                members.get(0).target().policy().timeoutNanos());
        this.lane = lane;
        this.members = members;
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
                events.add(room().invocations()
                        .reshaped(member.event(), subscription, function().space()));
            } catch (InvocationException e) {
                leftOut.put(member, e);
            }
        }
        return events.isEmpty()
                ? CompletableFuture.completedFuture(InvocationResult.empty())
                : room().invocations().invokeBatch(function(), subscription, events, attempt, deadline);
    }

    @Override
    void attemptEnded(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        over();
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
        lane.callEnded(why != null && why.retryable());
    }

    @Override
    void dropped(int attemptsBegun, InvocationException failure) {
        members.forEach(Delivery::abandon);
    }
}

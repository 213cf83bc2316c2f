package io.eventgateway.internal.delivery;

import io.eventgateway.Emission;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.internal.invocation.BatchInvocation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call for several deliveries of a subscription, each of which goes on by itself afterwards. */
final class BatchedCall extends Delivery {
    private final Lane lane;
    private final List<EmittedDelivery> members;
    /** The one whose event is deepest in its chain, which stands for all of them as the cause of what the call leads to. */
    private final EmittedDelivery lead;
    /** Null until the call is made. */
    private volatile @Nullable BatchInvocation invocation;

    BatchedCall(Deliveries room, Lane lane, List<EmittedDelivery> members) {
        this(room, lane, members, BatchInvocation.deepest(members));
    }

    private BatchedCall(Deliveries room, Lane lane, List<EmittedDelivery> members, EmittedDelivery lead) {
        super(
                room,
                lead.function(),
                lead.target().subscription(),
                lead.event(),
                lead.target().policy().timeoutNanos());
        this.lane = lane;
        this.members = members;
        this.lead = lead;
    }

    void start() {
        begin();
    }

    @Override
    public @Nullable Emission emission() {
        return lead.emission();
    }

    /** The backlog counts the members and not this call, which therefore counts as the first of them. */
    @Override
    void addMembers(Set<Delivery> running) {
        running.addAll(members.subList(1, members.size()));
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
        BatchInvocation made =
                room().invocations().batch(function(), lead.target().subscription(), members, attempt, deadline);
        invocation = made;
        return made.begin();
    }

    @Override
    void attemptEnded(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        over();
        BatchInvocation made = invocation;
        boolean delivered = false;
        boolean retryable = false;
        for (int i = 0; i < members.size(); i++) {
            InvocationException own = made == null ? failure : made.failure(i, failure);
            members.get(i).endInBatch(own == null ? InvocationResult.empty() : null, own);
            delivered |= own == null;
            retryable |= own != null && own.retryable();
        }
        lane.callEnded(!delivered && retryable);
    }

    @Override
    void dropped(int attemptsBegun, InvocationException failure) {
        members.forEach(Delivery::abandon);
    }
}

package io.eventgateway.internal.delivery;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.internal.invocation.BatchInvocation;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call for several deliveries of a subscription, each of which goes on by itself afterwards. */
final class BatchedCall extends Delivery {
    private final CallPermit permit;
    private final List<EmittedDelivery> members;
    /** The one whose event is deepest in its chain, which stands for all of them as the cause of what the call leads to. */
    private final EmittedDelivery lead;
    /** Null until the call is made. */
    private volatile @Nullable BatchInvocation invocation;

    BatchedCall(DeliveryEngine engine, CallPermit permit, List<EmittedDelivery> members) {
        super(engine);
        this.permit = permit;
        this.members = members;
        this.lead = BatchInvocation.deepest(members);
    }

    @Override
    public RegisteredFunction function() {
        return lead.function();
    }

    @Override
    Subscription subscription() {
        return lead.subscription();
    }

    @Override
    public Event event() {
        return lead.event();
    }

    @Override
    long timeoutNanos() {
        return lead.timeoutNanos();
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
    public @Nullable Emission emission() {
        return lead.emission();
    }

    /** The backlog counts the members and not this call, which therefore counts as the first of them. */
    @Override
    protected int attemptsBefore() {
        int most = 0;
        for (EmittedDelivery member : members) {
            most = Math.max(most, member.attemptsBefore());
        }
        return most;
    }

    @Override
    CompletableFuture<InvocationResult> call(int attempt, long deadline) {
        BatchInvocation made = engine().invocations().batch(function(), subscription(), members, attempt, deadline);
        invocation = made;
        return made.begin();
    }

    @Override
    void attemptEnded(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        over();
        engine().live().ended(this);
        BatchInvocation made = invocation;
        List<@Nullable InvocationException> failures = new ArrayList<>(members.size());
        boolean delivered = false;
        boolean retryable = false;
        for (int i = 0; i < members.size(); i++) {
            InvocationException own = made == null ? failure : made.failure(i, failure);
            failures.add(own);
            delivered |= own == null;
            retryable |= own != null && own.retryable();
        }
        if (delivered || !retryable) { // first, since a listener of a member's end may hold this thread
            permit.succeeded();
        } else {
            permit.failed();
        }
        for (int i = 0; i < members.size(); i++) {
            InvocationException own = failures.get(i);
            members.get(i).endInBatch(own == null ? InvocationResult.empty() : null, own);
        }
    }

    @Override
    void dropped(int attemptsBegun, InvocationException failure) {
        engine().live().ended(this);
        members.forEach(Delivery::abandon);
        permit.unused();
    }
}

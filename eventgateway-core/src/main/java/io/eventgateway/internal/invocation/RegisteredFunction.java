package io.eventgateway.internal.invocation;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import org.jspecify.annotations.Nullable;

/**
 * The place of a function in a space, which subscriptions hold on to: what stands in it may be replaced while they call it.
 *
 * <p>Readers see one volatile reference; the registry, under its lock, is the only writer.
 */
public final class RegisteredFunction {
    /** What stands in the place. At most one of handler and invoker is present; none where the code is in another process. */
    record Occupant(FunctionDefinition definition, @Nullable FunctionHandler handler, @Nullable LeasedInvoker invoker) {}

    private final String space;
    private final String id;
    private final SystemEvents systemEvents;
    private volatile @Nullable Occupant occupant;

    /** An empty place. */
    public RegisteredFunction(String space, String id, SystemEvents systemEvents) {
        this.space = space;
        this.id = id;
        this.systemEvents = systemEvents;
    }

    /** The space. */
    public String space() {
        return space;
    }

    /** The function's id. */
    public String id() {
        return id;
    }

    SystemEvents systemEvents() {
        return systemEvents;
    }

    @Nullable Occupant occupant() {
        return occupant;
    }

    /** Whether this process has the function's handler. */
    public boolean hasHandler() {
        Occupant present = occupant;
        return present != null && present.handler() != null;
    }

    /** Whether the function is registered. */
    public boolean isPresent() {
        return occupant != null;
    }

    /** Puts a handler in; calls under way end as they would have. */
    public void handledBy(FunctionDefinition definition, FunctionHandler handler) {
        replace(new Occupant(definition, handler, null));
    }

    /** Takes note of a function whose handler is in another process; one that is here stays. */
    public void handledElsewhere(FunctionDefinition definition) {
        Occupant present = occupant;
        replace(new Occupant(definition, present == null ? null : present.handler(), null));
    }

    /** Puts an invoker in; the one before is closed after the calls that are under way. */
    public void invokedBy(PreparedInvoker prepared) {
        replace(new Occupant(prepared.definition(), null, prepared.leased()));
    }

    /** Empties the place. */
    public void remove() {
        replace(null);
    }

    private void replace(@Nullable Occupant next) {
        Occupant before = occupant;
        occupant = next;
        if (before != null && before.invoker() != null) {
            before.invoker().release();
        }
    }
}

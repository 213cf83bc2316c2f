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
    record Occupant(
            FunctionDefinition definition,
            @Nullable FunctionHandler handler,
            @Nullable LeasedInvoker invoker) {}

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

    /** The system events of its space. */
    public SystemEvents systemEvents() {
        return systemEvents;
    }

    @Nullable Occupant occupant() {
        return occupant;
    }

    /** Returns whether this process has the function's handler. */
    public boolean hasHandler() {
        Occupant present = occupant;
        return present != null && present.handler() != null;
    }

    /**
     * Returns whether a JSON object that the function answers may mean a whole HTTP response: not from code of this process, which has
     * {@code HttpResponse} for that, nor where the configuration says {@code "responses": "value"}.
     */
    public boolean mayAnswerByProxyConvention() {
        Occupant present = occupant;
        return present != null
                && present.handler() == null
                && !Configuration.VALUE.equals(
                        present.definition().configuration().get(Configuration.RESPONSES));
    }

    /** Returns whether this process can call the function. */
    public boolean isCallable() {
        Occupant present = occupant;
        return present != null && (present.handler() != null || present.invoker() != null);
    }

    /** What is registered in the place; null when it is empty. */
    public @Nullable FunctionDefinition definition() {
        Occupant present = occupant;
        return present == null ? null : present.definition();
    }

    /** Returns whether the function is registered. */
    public boolean isPresent() {
        return occupant != null;
    }

    /**
     * Puts a handler in; calls under way end as they would have.
     *
     * @return what is left to do outside of the registry's lock: to close the invoker that was there, after its last call
     */
    public Runnable handledBy(FunctionDefinition definition, FunctionHandler handler) {
        return replace(new Occupant(definition, handler, null));
    }

    /** Takes note of a function whose handler is in another process; one that is here stays. As {@link #handledBy}. */
    public Runnable handledElsewhere(FunctionDefinition definition) {
        Occupant present = occupant;
        return replace(new Occupant(definition, present == null ? null : present.handler(), null));
    }

    /** Puts an invoker in. As {@link #handledBy}. */
    public Runnable invokedBy(PreparedInvoker prepared) {
        return replace(new Occupant(prepared.definition(), null, prepared.leased()));
    }

    /** Empties the place. As {@link #handledBy}. */
    public Runnable remove() {
        return replace(null);
    }

    private Runnable replace(@Nullable Occupant next) {
        Occupant before = occupant;
        occupant = next;
        LeasedInvoker retired = before == null ? null : before.invoker();
        return retired == null ? () -> {} : retired::release;
    }
}

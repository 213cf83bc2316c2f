package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import org.jspecify.annotations.Nullable;

/**
 * A function of a space, to which subscriptions hold on: its registration may be replaced while they call it.
 *
 * <p>Readers see one volatile reference; the registry, under its lock, is the only writer.
 */
public final class RegisteredFunction {
    /**
     * The registration of the function with its code. At most one of handler and invoker is present; none where the
     * code is in another process.
     */
    record Registration(
            FunctionDefinition definition,
            @Nullable FunctionHandler handler,
            @Nullable LeasedInvoker invoker) {}

    private static final Object ANY_BATCH = new Object();

    private final String space;
    private final String id;
    private final SystemEvents systemEvents;
    private volatile @Nullable Registration registration;

    /** A function that is not registered yet. */
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

    @Nullable Registration registration() {
        return registration;
    }

    /** Returns whether this process has the function's handler. */
    public boolean hasHandler() {
        Registration present = registration;
        return present != null && present.handler() != null;
    }

    /**
     * Returns whether a JSON object that the function answers may mean a whole HTTP response: not from code of this
     * process, which has {@code HttpResponse} for that, nor where the configuration says {@code "responses": "value"}.
     */
    public boolean mayAnswerByProxyConvention() {
        Registration present = registration;
        return present != null
                && present.handler() == null
                && !Configuration.VALUE.equals(
                        present.definition().configuration().get(Configuration.RESPONSES));
    }

    /**
     * Returns whether this process can call the function: it has its handler, or can make its invoker, which is made by that and can call
     * the functions that it hands events to.
     */
    public boolean isCallable() {
        Registration present = registration;
        if (present == null) {
            return false;
        }
        LeasedInvoker invoker = present.invoker();
        return present.handler() != null || (invoker != null && invoker.isMakeable() && invoker.isCallable());
    }

    /** What the function's invoker keeps an event of a batch together by; the same for all events unless the invoker says so. */
    Object batchKey(Event event) {
        Registration present = registration;
        LeasedInvoker leased = present == null ? null : present.invoker();
        try {
            Object key = leased == null ? null : leased.invoker().batchKey(event);
            return key == null ? ANY_BATCH : key;
        } catch (RuntimeException e) { // foreign code, or no invoker can be made, which the call will say
            return ANY_BATCH;
        }
    }

    /** The definition that is registered; null when the function is not registered. */
    public @Nullable FunctionDefinition definition() {
        Registration present = registration;
        return present == null ? null : present.definition();
    }

    /** Returns whether the function is registered. */
    public boolean isPresent() {
        return registration != null;
    }

    /**
     * Registers a handler; calls under way end as they would have.
     *
     * @return what is left to do outside of the registry's lock: to close the invoker that was there, after its last call
     */
    public Runnable handledBy(FunctionDefinition definition, FunctionHandler handler) {
        return replace(new Registration(definition, handler, null));
    }

    /**
     * Registers a function whose handler is in another process, and keeps the one here; returns what {@link #handledBy}
     * does.
     */
    public Runnable handledByAnotherProcess(FunctionDefinition definition) {
        Registration present = registration;
        return replace(new Registration(definition, present == null ? null : present.handler(), null));
    }

    /** Registers an invoker; returns what {@link #handledBy} does. */
    public Runnable invokedBy(PreparedInvoker prepared) {
        return replace(new Registration(prepared.definition(), null, prepared.leased()));
    }

    /** Removes the registration; returns what {@link #handledBy} does. */
    public Runnable remove() {
        return replace(null);
    }

    private Runnable replace(@Nullable Registration next) {
        Registration before = registration;
        registration = next;
        LeasedInvoker retired = before == null ? null : before.invoker();
        return retired == null ? () -> {} : retired::release;
    }
}

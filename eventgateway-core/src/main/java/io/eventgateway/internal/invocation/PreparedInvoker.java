package io.eventgateway.internal.invocation;

import io.eventgateway.FunctionDefinition;

/** An invoker on its way into its place: made and checked, or to be made by the first call. */
public final class PreparedInvoker {
    private final FunctionDefinition definition;
    private final LeasedInvoker leased;

    PreparedInvoker(FunctionDefinition definition, LeasedInvoker leased) {
        this.definition = definition;
        this.leased = leased;
    }

    FunctionDefinition definition() {
        return definition;
    }

    LeasedInvoker leased() {
        return leased;
    }

    /** Makes the invoker now, so that a definition that it refuses is refused at its registration. */
    public PreparedInvoker checked() {
        leased.invoker();
        return this;
    }

    /** Closes what was prepared and will not be used. */
    public void discard() {
        leased.release();
    }
}

package io.eventgateway.internal.delivery;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The right to make one call under the limits of a subscription; given back once, to those who gave it. */
final class CallPermit {
    private final DeliveryLimits limits;
    /** Where the token for the call was taken; null when it took none. */
    private final @Nullable Tokens tokens;

    private final Breaker.@Nullable Pass own;
    private final Breaker.@Nullable Pass function;
    private boolean out = true;

    CallPermit(
            DeliveryLimits limits,
            @Nullable Tokens tokens,
            Breaker.@Nullable Pass own,
            Breaker.@Nullable Pass function) {
        this.limits = limits;
        this.tokens = tokens;
        this.own = own;
        this.function = function;
    }

    /** For the limits, under their lock: whether the permit had not been given back before. */
    boolean takeBack(boolean called) {
        boolean was = out;
        out = false;
        if (was && !called && tokens != null) {
            tokens.putBack();
        }
        return was;
    }

    /** The function took the event, or its failure is not the function's fault. */
    void succeeded() {
        if (limits.takeBack(this, true)) {
            forEach(Breaker.Pass::succeeded);
            limits.pump();
        }
    }

    /** The call failed. */
    void failed() {
        if (limits.takeBack(this, true)) {
            forEach(Breaker.Pass::failed);
            limits.pump();
        }
    }

    /** The call was never made. */
    void unused() {
        if (limits.takeBack(this, false)) {
            forEach(Breaker.Pass::unused);
            limits.pump();
        }
    }

    private void forEach(Consumer<Breaker.Pass> tell) {
        if (own != null) {
            tell.accept(own);
        }
        if (function != null) {
            tell.accept(function);
        }
    }
}

package io.eventgateway.internal.intake;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Emitter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The emitter that functions are called with. It emits to the intake, which is built after it: no function is called
 * before the gateway is complete, so the intake is there whenever something is emitted.
 */
public final class ReplyEmitter implements Emitter {
    private volatile @Nullable Emitter intake;

    /** Sets the intake, once it is built. */
    public void emitTo(Emitter built) {
        this.intake = built;
    }

    private Emitter intake() {
        return Objects.requireNonNull(intake, "the gateway is not complete yet");
    }

    @Override
    public Emission emit(String space, CloudEvent event, @Nullable EmitOptions options, Cause cause) {
        return intake().emit(space, event, options, cause);
    }

    @Override
    public void emitReplies(String space, List<Reply> replies) {
        intake().emitReplies(space, replies);
    }

    @Override
    public Emission emit(String space, String type, @Nullable Object data, @Nullable EmitOptions options, Cause cause) {
        return intake().emit(space, type, data, options, cause);
    }

    @Override
    public void emitSystem(String space, String type, Object data, Event cause) {
        intake().emitSystem(space, type, data, cause);
    }

    @Override
    public void forward(
            String space, String functionId, String type, Object data, Cause cause, @Nullable String deadLetterId) {
        intake().forward(space, functionId, type, data, cause, deadLetterId);
    }

    @Override
    public void redriven(Emission emission) {
        intake().redriven(emission);
    }
}

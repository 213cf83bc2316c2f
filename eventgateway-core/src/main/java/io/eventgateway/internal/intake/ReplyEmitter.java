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
 * The way from the invocation back to the intake, which is built after it. Nothing is invoked before the gateway is whole, so
 * the way leads somewhere whenever it is gone.
 */
public final class ReplyEmitter implements Emitter {
    private volatile @Nullable Emitter intake;

    /** Opens the way. */
    public void leadTo(Emitter built) {
        this.intake = built;
    }

    private Emitter intake() {
        return Objects.requireNonNull(intake, "the gateway is not whole yet");
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
    public void handOn(
            String space, String functionId, String type, Object data, Cause cause, @Nullable String deadLetterId) {
        intake().handOn(space, functionId, type, data, cause, deadLetterId);
    }

    @Override
    public void redriven(Emission emission) {
        intake().redriven(emission);
    }
}

package io.eventgateway.internal.invocation;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.internal.event.Names;
import io.eventgateway.internal.json.Mappers;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.InvokerContext;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The parts of the gateway that the invokers of a space may use. */
final class SpaceContext implements InvokerContext {
    private final String space;
    private final Invocations invocations;
    private final Invocations.Setup setup;
    private final Configuration configuration;

    SpaceContext(String space, Invocations invocations, Invocations.Setup setup, Configuration configuration) {
        this.space = space;
        this.invocations = invocations;
        this.setup = setup;
        this.configuration = configuration;
    }

    @Override
    public String space() {
        return space;
    }

    @Override
    public JsonMapper jsonMapper() {
        return Mappers.orShared(setup.mapper());
    }

    @Override
    public InstantSource clock() {
        return setup.clock();
    }

    @Override
    public NetworkPolicy networkPolicy() {
        return setup.outside().network();
    }

    @Override
    public <T> T configuration(FunctionDefinition function, Class<T> type) {
        return configuration.read(function, type);
    }

    @Override
    public @Nullable Object batchKey(String functionId, Event event) {
        RegisteredFunction member = setup.functions().apply(space, functionId);
        return member == null ? null : member.batchKey(event);
    }

    @Override
    public boolean isCallable(String functionId) {
        RegisteredFunction member = setup.functions().apply(space, functionId);
        return member != null && member.isCallable();
    }

    @Override
    public CompletionStage<InvocationResult> invoke(String functionId, Invocation invocation) {
        RegisteredFunction member = setup.functions().apply(space, functionId);
        Call call = own(invocation);
        if (member == null) {
            return CallFailures.failed(new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "function '" + functionId + "' is not registered in space '" + space + "'"));
        }
        return invocations.invoke(call.to(member)).handle((result, failure) -> {
            if (failure == null) {
                return result.calledFunctionId() == null ? result.withCalledFunctionId(functionId) : result;
            }
            InvocationException known = CallFailures.ofFunction(failure, functionId);
            throw known.calledFunctionId() == null ? known.withCalledFunctionId(functionId) : known;
        });
    }

    @Override
    public Emission emit(String target, Event event, Invocation cause) {
        Names.check("space", target, IllegalArgumentException::new);
        return setup.emitter().emit(target, event, null, own(cause).causeOf(event));
    }

    @Override
    public Emission emit(EventGateway other, Event event, Invocation cause) {
        Cause own = own(cause).causeOf(event);
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        slot[0] = own; // which all gateways of this class loader read
        try {
            return other.emit(event);
        } finally {
            slot[0] = outer;
        }
    }

    private static Call own(Invocation invocation) {
        if (invocation instanceof Call call) {
            return call;
        }
        throw new IllegalArgumentException("the invocation must be the one that the invoker was called with, was a "
                + invocation.getClass().getName());
    }
}

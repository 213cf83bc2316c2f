package io.eventgateway.internal.registry;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Functions;
import io.eventgateway.Registered;
import io.eventgateway.Registered.Change;
import io.eventgateway.error.FunctionAlreadyExistsException;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.internal.event.NearNames;
import io.eventgateway.internal.invocation.PreparedInvoker;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import io.eventgateway.spi.StoreConflictException;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The functions of one space, to administer. */
public final class FunctionRegistry implements Functions {
    private static final Logger log = LoggerFactory.getLogger(FunctionRegistry.class);

    private final Registry registry;
    private final SpaceRegistry space;

    FunctionRegistry(Registry registry, SpaceRegistry space) {
        this.registry = registry;
        this.space = space;
    }

    @Override
    public FunctionDefinition register(String functionId, FunctionHandler handler) {
        return register(FunctionDefinition.of(functionId, FunctionDefinition.JAVA, Map.of()), handler);
    }

    @Override
    public FunctionDefinition register(FunctionDefinition definition, FunctionHandler handler) {
        Given.required(definition, "definition");
        Given.required(handler, "handler");
        String functionId = definition.id();
        requireJava(definition);
        return registry.change(() -> {
            FunctionEntry known = current(functionId);
            if (known == null) {
                try {
                    put(definition, 0, callee -> callee.handledBy(definition, handler));
                    return definition;
                } catch (StoreConflictException e) {
                    // the handler may be in its place already, if the watch has told of theirs while ours was written
                    return attached(registeredMeanwhile(definition, e), handler);
                }
            }
            RegisteredFunction callee = space.registered(functionId);
            if (callee != null && callee.hasHandler()) {
                throw alreadyExists(known.definition(), Differences.between(known.definition(), definition), null);
            }
            return attached(known, handler);
        });
    }

    private static void requireJava(FunctionDefinition definition) {
        if (!definition.type().equals(FunctionDefinition.JAVA)) {
            throw new InvalidFunctionException("function '" + definition.id() + "' is of type " + definition.type()
                    + ", which has no handler in this process; one with a handler is of type java");
        }
    }

    /** Gives a function that the store knows its handler in this process. */
    private FunctionDefinition attached(FunctionEntry known, FunctionHandler handler) {
        FunctionDefinition stored = known.definition();
        if (!stored.type().equals(FunctionDefinition.JAVA)) {
            throw alreadyExists(stored, List.of(), null);
        }
        registry.changes().attach(space, callee -> callee.handledBy(stored, handler), stored.id());
        return stored;
    }

    @Override
    public FunctionDefinition register(FunctionDefinition function) {
        Given.required(function, "function");
        return registry.change(() -> {
            FunctionEntry known = current(function.id());
            if (known != null) {
                return adopted(known, function, null);
            }
            try {
                create(function);
            } catch (StoreConflictException e) {
                return adopted(registeredMeanwhile(function, e), function, e);
            }
            space.say(key(function.id()));
            return function;
        });
    }

    /** Creates a function that is not there; throws a {@link StoreConflictException} if another process did just now. */
    private void create(FunctionDefinition function) {
        PreparedInvoker prepared = prepared(function);
        boolean installed = false;
        try {
            put(function, 0, callee -> callee.invokedBy(prepared));
            installed = true;
        } finally {
            discardUnlessIn(installed, prepared, function);
        }
    }

    /** The function of an id as the store has it now; the watch may not have told yet what another gateway did. */
    private @Nullable FunctionEntry current(String functionId) {
        FunctionEntry known = space.functions.get(functionId);
        if (known == null || known.version() == SpaceRegistry.LOCAL) {
            return known;
        }
        registry.refresh(key(functionId));
        return space.functions.get(functionId);
    }

    @Override
    public Registered<FunctionDefinition> registerOrUpdate(FunctionDefinition function) {
        Given.required(function, "function");
        return saidAgain(function, () -> create(function), known -> update(function), known -> {});
    }

    @Override
    public Registered<FunctionDefinition> registerOrUpdate(FunctionDefinition function, FunctionHandler handler) {
        Given.required(function, "function");
        Given.required(handler, "handler");
        requireJava(function);
        return saidAgain(
                function,
                () -> put(function, 0, callee -> callee.handledBy(function, handler)),
                known -> replace(known, function, callee -> callee.handledBy(function, handler)),
                known -> registry.changes()
                        .attach(space, callee -> callee.handledBy(known.definition(), handler), function.id()));
    }

    /** Registers a function, replaces the one that differs, or keeps the one that is equal; again where others were faster. */
    private Registered<FunctionDefinition> saidAgain(
            FunctionDefinition function,
            Runnable create,
            Consumer<FunctionEntry> replace,
            Consumer<FunctionEntry> keep) {
        return registry.change(key(function.id()), () -> saidOnce(function, create, replace, keep));
    }

    private Registered<FunctionDefinition> saidOnce(
            FunctionDefinition function,
            Runnable create,
            Consumer<FunctionEntry> replace,
            Consumer<FunctionEntry> keep) {
        FunctionEntry known = current(function.id());
        if (known == null) {
            create.run();
            space.say(key(function.id()));
            return registry.access().registered(function, Change.CREATED, List.of());
        }
        List<String> differences = Differences.between(known.definition(), function);
        if (differences.isEmpty()) {
            keep.accept(known);
            space.say(key(function.id()));
            return registry.access().registered(known.definition(), Change.UNCHANGED, List.of());
        }
        replace.accept(known);
        space.say(key(function.id()));
        log.info(
                "Function '{}' of space '{}' was updated: {}",
                function.id(),
                space.space().name(),
                String.join("; ", differences));
        return registry.access().registered(function, Change.UPDATED, differences);
    }

    @Override
    public FunctionDefinition update(String functionId, FunctionHandler handler) {
        Given.required(handler, "handler");
        return registry.change(key(functionId), () -> {
            FunctionEntry known = found(functionId);
            FunctionDefinition definition = FunctionDefinition.of(functionId, FunctionDefinition.JAVA, Map.of())
                    .withMetadata(known.definition().metadata())
                    .emits(known.definition().emits().toArray(String[]::new));
            replace(known, definition, callee -> callee.handledBy(definition, handler));
            return definition;
        });
    }

    @Override
    public FunctionDefinition update(FunctionDefinition function) {
        Given.required(function, "function");
        return registry.change(key(function.id()), () -> {
            FunctionEntry known = found(function.id());
            PreparedInvoker prepared = prepared(function);
            boolean installed = false;
            try {
                replace(known, function, callee -> callee.invokedBy(prepared));
                installed = true;
            } finally {
                discardUnlessIn(installed, prepared, function);
            }
            return function;
        });
    }

    /** The invoker of a function whose references hold, made and checked. */
    private PreparedInvoker prepared(FunctionDefinition function) {
        if (function.type().equals(FunctionDefinition.JAVA)) {
            throw new InvalidFunctionException("function '" + function.id()
                    + "' is of type java, so it is registered with its handler: register(functionId, handler)");
        }
        checkReferences(function);
        return registry.invocations().prepare(function, space.space().name()).checked();
    }

    private void checkReferences(FunctionDefinition function) {
        Set<String> references = registry.providers().references(function);
        if (references.isEmpty()) {
            return;
        }
        FunctionReferences others = new FunctionReferences(space.functions);
        for (String reference : references) {
            if (reference.equals(function.id()) || others.leadsTo(reference, function.id())) {
                throw new InvalidFunctionException("function '" + function.id() + "' calls function '" + reference
                        + "', which leads back to it; functions may not call each other in a circle");
            }
            if (!space.functions.containsKey(reference)) {
                throw new InvalidFunctionException("function '" + function.id() + "' calls function '" + reference
                        + "', which is not registered in space '"
                        + space.space().name() + "'; register it first");
            }
        }
        if (others.levelsAbove(function.id()) + others.levelsBelow(references) > FunctionReferences.MAX_LEVELS) {
            throw new InvalidFunctionException("function '" + function.id() + "' calls functions that call functions,"
                    + " and together with those that call it these are more than " + FunctionReferences.MAX_LEVELS
                    + " levels; name the functions that do the work directly");
        }
    }

    /** A failed write may have been told by the watch before it was reported as failed; then the invoker is in use. */
    private void discardUnlessIn(boolean installed, PreparedInvoker prepared, FunctionDefinition function) {
        if (!installed) {
            FunctionEntry entry = space.functions.get(function.id());
            if (entry == null || !entry.definition().equals(function)) {
                prepared.discard();
            }
        }
    }

    /** Another process was faster, and the watch has not told yet. */
    private FunctionEntry registeredMeanwhile(FunctionDefinition definition, StoreConflictException conflict) {
        registry.refresh(key(definition.id()));
        FunctionEntry theirs = space.functions.get(definition.id());
        if (theirs == null) {
            throw alreadyExists(definition, List.of(), conflict);
        }
        return theirs;
    }

    /**
     * Adopts a function that the store has from another process or an earlier run of this one, the first time that it
     * is registered here.
     */
    private FunctionDefinition adopted(FunctionEntry known, FunctionDefinition function, @Nullable Throwable cause) {
        boolean same =
                known.version() != SpaceRegistry.LOCAL && known.definition().equals(function);
        if (!same || !space.say(key(function.id()))) {
            throw alreadyExists(known.definition(), Differences.between(known.definition(), function), cause);
        }
        return known.definition();
    }

    private void replace(FunctionEntry known, FunctionDefinition definition, Changes.Installation installation) {
        if (known.version() == SpaceRegistry.LOCAL) {
            registry.changes().addLocal(space, definition, installation);
        } else {
            put(definition, known.version(), installation);
        }
    }

    private void put(FunctionDefinition definition, long expectedVersion, Changes.Installation installation) {
        SubscriptionStore.Key key = key(definition.id());
        registry.changes().stage(key, definition, installation);
        try {
            registry.put(key, definition, expectedVersion);
        } finally {
            registry.changes().unstage(key);
        }
    }

    private static FunctionAlreadyExistsException alreadyExists(
            FunctionDefinition function, List<String> differences, @Nullable Throwable cause) {
        return new FunctionAlreadyExistsException(
                "function '" + function.id() + "' is registered already, with type '" + function.type() + "'"
                        + (differences.isEmpty() ? "" : "; the new one differs in " + String.join("; ", differences))
                        + "; use registerOrUpdate or update, delete it, or choose another id",
                cause);
    }

    private FunctionEntry found(String functionId) {
        FunctionEntry known = space.functions.get(functionId);
        if (known == null) {
            throw notFound(functionId);
        }
        return known;
    }

    private FunctionNotFoundException notFound(String functionId) {
        return new FunctionNotFoundException("function '" + functionId + "' is not registered in space '"
                + space.space().name() + "'" + NearNames.hint(functionId, space.functions.keySet()));
    }

    private SubscriptionStore.Key key(String functionId) {
        return new SubscriptionStore.Key(Kind.FUNCTION, space.space().name(), functionId);
    }

    @Override
    public Optional<FunctionDefinition> get(String functionId) {
        Given.required(functionId, "functionId");
        FunctionEntry known = space.functions.get(functionId);
        return known == null ? Optional.empty() : Optional.of(known.definition());
    }

    @Override
    public List<FunctionDefinition> list() {
        return list(Map.of());
    }

    @Override
    public List<FunctionDefinition> list(Map<String, String> metadata) {
        Given.required(metadata, "metadata");
        return space.functions.values().stream()
                .map(FunctionEntry::definition)
                .filter(function -> function.metadata().entrySet().containsAll(metadata.entrySet()))
                .sorted(Comparator.comparing(FunctionDefinition::id))
                .toList();
    }

    @Override
    public FunctionDefinition delete(String functionId) {
        Given.required(functionId, "functionId");
        return registry.change(key(functionId), () -> {
            FunctionEntry known = found(functionId);
            if (known.version() != SpaceRegistry.LOCAL) { // other gateways may have created users of it just now
                registry.refresh(space, key(functionId));
                known = found(functionId);
            }
            List<String> users = space.usersOf(functionId);
            if (!users.isEmpty()) {
                throw new FunctionInUseException("function '" + functionId + "' is used by " + users.get(0)
                        + (users.size() == 1 ? "" : " and " + (users.size() - 1) + " more") + "; delete those first");
            }
            if (known.version() == SpaceRegistry.LOCAL) {
                registry.changes().removeLocalFunction(space, functionId);
            } else {
                registry.delete(key(functionId), known.version());
                space.unsay(key(functionId));
            }
            return known.definition();
        });
    }
}

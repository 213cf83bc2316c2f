package io.eventgateway.internal.invocation;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.error.UnknownFunctionTypeException;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The invoker providers of a gateway, by function type. A provider that can't be loaded is remembered, and hurts no
 * other.
 */
public final class InvokerProviders {
    private static final Logger log = LoggerFactory.getLogger(InvokerProviders.class);

    private final Map<String, InvokerProvider> byType = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    private InvokerProviders() {}

    /**
     * The given providers, and with {@code discover} also the providers that the service loader finds for types that
     * are not given.
     */
    public static InvokerProviders of(Collection<InvokerProvider> given, boolean discover) {
        InvokerProviders providers = new InvokerProviders();
        for (InvokerProvider provider : given) {
            providers.add(provider);
        }
        if (discover) {
            Set<String> types = new TreeSet<>(providers.byType.keySet());
            providers.discover(types, Thread.currentThread().getContextClassLoader());
            providers.discover(types, InvokerProvider.class.getClassLoader());
        }
        return providers;
    }

    private void discover(Set<String> given, ClassLoader loader) {
        Iterator<InvokerProvider> found =
                ServiceLoader.load(InvokerProvider.class, loader).iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    return;
                }
                InvokerProvider provider = found.next();
                String type = provider.type();
                if (!given.contains(type) && !known(type, provider)) {
                    add(provider);
                }
            } catch (NoSuchElementException e) {
                return;
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                // the loader has moved on to the next one; who registers a function of the missing type is told
                if (!broken.contains(e.toString())) {
                    broken.add(e.toString());
                    log.warn(
                            "An invoker provider can't be loaded; functions of its type can't be registered: {}",
                            e.toString());
                }
            }
        }
    }

    private boolean known(String type, InvokerProvider provider) {
        InvokerProvider present = byType.get(type);
        return present != null && present.getClass() == provider.getClass();
    }

    private void add(InvokerProvider provider) {
        String type = provider.type();
        if (type.equals(FunctionDefinition.JAVA)) {
            throw new IllegalArgumentException("the type 'java' is the gateway's own; "
                    + provider.getClass().getName() + " must name another");
        }
        InvokerProvider present = byType.putIfAbsent(type, provider);
        if (present != null) {
            throw new IllegalArgumentException("two invoker providers serve the type '" + type + "': "
                    + present.getClass().getName() + " and "
                    + provider.getClass().getName()
                    + "; one must go, or be given to the builder, where it goes before discovered ones");
        }
    }

    private InvokerProvider of(FunctionDefinition function) {
        InvokerProvider provider = byType.get(function.type());
        if (provider == null) {
            throw new UnknownFunctionTypeException(
                    "function '" + function.functionId() + "' has the type '" + function.type()
                            + "', for which no invoker provider was found; known types: java"
                            + (byType.isEmpty() ? "" : ", " + String.join(", ", new TreeSet<>(byType.keySet())))
                            + (broken.isEmpty() ? "" : "; could not be loaded: " + String.join("; ", broken)));
        }
        return provider;
    }

    /**
     * The functions that this one calls.
     *
     * @throws UnknownFunctionTypeException if there is no provider for its type
     * @throws InvalidFunctionException if its provider configuration is not valid
     */
    public Set<String> references(FunctionDefinition function) {
        return function.type().equals(FunctionDefinition.JAVA)
                ? Set.of()
                : guarded(function, () -> of(function).references(function));
    }

    /**
     * An invoker of the function.
     *
     * @throws UnknownFunctionTypeException if there is no provider for its type
     * @throws InvalidFunctionException if its provider refuses it, or lacks a library
     */
    Invoker create(FunctionDefinition function, InvokerContext context) {
        return guarded(function, () -> of(function).create(function, context));
    }

    private static <T> T guarded(FunctionDefinition function, Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidFunctionException | UnknownFunctionTypeException e) {
            throw e;
        } catch (LinkageError e) {
            throw new InvalidFunctionException(
                    "function '" + function.functionId() + "' can't be used: the invoker for type '" + function.type()
                            + "' lacks a library (" + e + ")",
                    e);
        } catch (RuntimeException e) {
            throw new InvalidFunctionException(
                    "function '" + function.functionId() + "' can't be used: the invoker for type '" + function.type()
                            + "' refused it: " + e.getMessage(),
                    e);
        }
    }
}

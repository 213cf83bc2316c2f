package io.eventgateway.internal.eventtype;

import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.spi.SchemaProvider;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The schema provider of the class path or module path, looked for when something first needs one. */
final class SchemaProviders {
    private record Found(
            @Nullable SchemaProvider provider, @Nullable Throwable failure) {}

    private SchemaProviders() {}

    /** The provider's holder, so that nothing is loaded before it is asked for. */
    private static final class Holder {
        private static final Found FOUND = find();
    }

    private static Found find() {
        try {
            Iterator<SchemaProvider> providers = ServiceLoader.load(
                            SchemaProvider.class, SchemaProviders.class.getClassLoader())
                    .iterator();
            return new Found(providers.hasNext() ? providers.next() : null, null);
        } catch (ServiceConfigurationError | LinkageError e) { // a broken one must not break what needs none
            return new Found(null, e);
        }
    }

    /** Returns whether there is a provider. */
    static boolean isThereOne() {
        return Holder.FOUND.provider() != null;
    }

    /**
     * The provider.
     *
     * @param consequence what can't be done without one, for the message
     * @throws InvalidEventTypeException if there is none
     */
    static SchemaProvider required(String consequence) {
        Found found = Holder.FOUND;
        SchemaProvider provider = found.provider();
        if (provider != null) {
            return provider;
        }
        throw found.failure() == null
                ? new InvalidEventTypeException(
                        consequence + ": nothing on the class path knows JSON Schemas; add the dependency"
                                + " io.eventgateway:eventgateway-schema")
                : new InvalidEventTypeException(
                        consequence + ": what knows JSON Schemas could not be loaded (" + found.failure() + ")",
                        found.failure());
    }
}

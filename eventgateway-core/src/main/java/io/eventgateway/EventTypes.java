package io.eventgateway;

import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.error.EventTypeAlreadyExistsException;
import io.eventgateway.error.EventTypeInUseException;
import io.eventgateway.error.EventTypeNotFoundException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.IncompatibleSchemaException;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.schema.Discovery;
import io.eventgateway.schema.DiscoveryOptions;
import io.eventgateway.schema.Field;
import io.eventgateway.schema.SchemaDifference;
import io.eventgateway.schema.Upcaster;
import java.util.List;
import java.util.Optional;

/**
 * The event types of a space: their schemas, how strictly events keep them, and what is known of types that nobody registered.
 *
 * <p>Thread-safe. A change is atomic and visible to the next emit on every thread of this gateway; other gateways on the store follow.
 * When a call fails, nothing has changed.
 */
@CheckReturnValue
public interface EventTypes {
    /**
     * Registers a type.
     *
     * @throws EventTypeAlreadyExistsException if another definition of that name is registered; the same one again is no change
     * @throws InvalidEventTypeException if the schema is not valid, an example does not have it, or nothing on the class path can
     *     validate by it ({@code eventgateway-schema} can) and the type's own {@linkplain EventTypeDefinition#validation validation} is
     *     not OFF
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    @CanIgnoreReturnValue
    EventTypeDefinition register(EventTypeDefinition eventType);

    /**
     * Replaces a type's definition. Events that were accepted before are not looked at again.
     *
     * @throws EventTypeNotFoundException if there is none of that name
     * @throws IncompatibleSchemaException if the new schema breaks the type's {@linkplain EventTypeDefinition#compatibility
     *     compatibility}, and its version is the same; a new version may differ, since {@linkplain #upcaster upcasters} lift events
     * @throws InvalidEventTypeException as {@link #register}
     */
    @CanIgnoreReturnValue
    EventTypeDefinition update(EventTypeDefinition eventType);

    /**
     * Registers a type, replaces the one of the same name where it differs, or leaves it where it is the same: what an application
     * says at each start.
     *
     * @return what there is now, and what changed
     * @throws IncompatibleSchemaException as {@link #update}
     * @throws InvalidEventTypeException as {@link #register}
     */
    @CanIgnoreReturnValue
    Registered<EventTypeDefinition> registerOrUpdate(EventTypeDefinition eventType);

    /** The registered type of that name, if there is one. */
    Optional<EventTypeDefinition> get(String name);

    /** All registered types, by name. */
    List<EventTypeDefinition> list();

    /**
     * Removes a type. Events of it are accepted as those of any other type that is not registered.
     *
     * @return what was removed
     * @throws EventTypeNotFoundException if there is none of that name
     * @throws EventTypeInUseException if a subscription names it; those whose patterns cover it are no hindrance
     */
    @CanIgnoreReturnValue
    EventTypeDefinition delete(String name);

    /**
     * Removes a type as {@link #delete}, also when subscriptions name it.
     *
     * @throws EventTypeNotFoundException if there is none of that name
     */
    @CanIgnoreReturnValue
    EventTypeDefinition deleteEvenIfUsed(String name);

    /** What the space asks of event types. */
    EventTypePolicy policy();

    /** Changes what the space asks of event types, for every gateway on the store. */
    void changePolicy(EventTypePolicy policy);

    /**
     * The differences between the registered schema of a type and another; empty when they say the same, or the type has no schema.
     *
     * @throws EventTypeNotFoundException if there is none of that name
     * @throws InvalidEventTypeException if the schema is not valid
     */
    List<SchemaDifference> compare(String name, String schema);

    /**
     * Has this gateway lift events of an older version of a type on their way to filters, transforms and handlers: those that are
     * emitted, those that come from the store, replayed, redriven and dead letters alike. Events say their version in the extension
     * {@code dataversion}; those without are of version 1. Several steps are taken one after the other.
     *
     * @param from the version that is lifted, 1 and more
     * @param to the version that it becomes, more than {@code from}
     * @throws IllegalArgumentException if the versions are not valid, or {@code from} has an upcaster already
     */
    void upcaster(String name, int from, int to, Upcaster upcaster);

    /**
     * The paths into events of a type that filters, transforms and keys may use, by path: the attributes, the extensions that are
     * known, and the data by the registered schema, or else by what was {@linkplain #discovered discovered}. At most 10,000.
     */
    List<Field> fields(String name);

    /** Has this gateway learn the schemas of the events that pass in the space, or stop. What was learned before is forgotten. */
    void discover(DiscoveryOptions options);

    /** What was learned of a type, if discovery is on and an event of it has passed. */
    Optional<Discovery> discovered(String name);

    /** All that was learned, by type. */
    List<Discovery> discovered();

    /**
     * The differences between what was learned of a type and its registered schema; empty when all sampled events have the schema and
     * use all of it.
     *
     * @throws EventTypeNotFoundException if there is none of that name
     */
    List<SchemaDifference> drift(String name);
}

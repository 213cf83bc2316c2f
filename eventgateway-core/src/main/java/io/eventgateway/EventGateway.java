package io.eventgateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.annotation.EventType;
import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeadLetters;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.history.EventHistory;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.http.WebhookVerifier;
import io.eventgateway.internal.gateway.GatewayBuilder;
import io.eventgateway.spi.EmitInterceptor;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.InMemoryStores;
import io.eventgateway.spi.InvocationInterceptor;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.SchemaProvider;
import io.eventgateway.spi.Secrets;
import io.eventgateway.spi.Stores;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Routes an application's events to functions.
 *
 * <p>Thread-safe. One gateway serves a whole application; {@link #space} gives views on its other spaces.
 */
@CheckReturnValue
public interface EventGateway extends AutoCloseable {
    /** The space of a gateway that was not asked for another. */
    String DEFAULT_SPACE = "default";

    /** A gateway in memory, with every invoker that is found on the class path or the module path. */
    static EventGateway create() {
        return builder().build();
    }

    /** A builder with the defaults that each of its methods names. */
    static Builder builder() {
        return new GatewayBuilder(new PackageAccess());
    }

    /**
     * Emits an event of the type with a new id, the gateway's source and the time of now.
     *
     * <p>The matching sync subscriptions' functions have run when this returns; for the async ones the event is accepted. On a
     * handler's thread the event that is being handled becomes its cause.
     *
     * @param data null, {@code byte[]}, or any object; see {@link Event.Builder#data(Object)}
     * @throws InvalidEventException if the type is not valid, or the data is an event, a builder of one or {@link EmitOptions},
     *     which can only be meant for another overload
     * @throws EventRejectedException if an interceptor refuses it, or the chain that it continues goes too far
     * @throws BacklogFullException if the backlog has no room; see {@link BacklogPolicy}
     * @throws GatewayClosedException if the gateway is closed or closing
     */
    @CanIgnoreReturnValue
    Emission emit(String type, @Nullable Object data);

    /**
     * Emits an event of the type as {@link #emit(String, Object)}, with what the options say: later, for a while, or once only.
     *
     * @throws InvalidEventException as {@link #emit(String, Object)}
     * @throws EventRejectedException as {@link #emit(String, Object)}
     * @throws BacklogFullException as {@link #emit(String, Object)}
     * @throws GatewayClosedException as {@link #emit(String, Object)}
     */
    @CanIgnoreReturnValue
    Emission emit(String type, @Nullable Object data, EmitOptions options);

    /**
     * Emits an event. What it lacks of a source, a time and the extensions {@code correlationid} and {@code causationid} it
     * gets; what it has stays. Of an event that a handler emits, {@code causationid} is the id of the event that the handler got.
     *
     * @throws InvalidEventException if it is not a valid CloudEvent
     * @throws EventRejectedException as {@link #emit(String, Object)}
     * @throws BacklogFullException as {@link #emit(String, Object)}
     * @throws GatewayClosedException as {@link #emit(String, Object)}
     */
    @CanIgnoreReturnValue
    Emission emit(CloudEvent event);

    /**
     * Emits an event as {@link #emit(CloudEvent)}, with what the options say: later, for a while, or once only.
     *
     * @throws InvalidEventException if it is not a valid CloudEvent
     * @throws EventRejectedException as {@link #emit(String, Object)}
     * @throws BacklogFullException as {@link #emit(String, Object)}
     * @throws GatewayClosedException as {@link #emit(String, Object)}
     */
    @CanIgnoreReturnValue
    Emission emit(CloudEvent event, EmitOptions options);

    /**
     * Emits an object as an event of the type that its class names by {@link EventType}, with the subject and the extensions that the
     * class marks: {@code emit(Event.of(annotated))} in short.
     *
     * @throws InvalidEventException if its class has no such annotation, or what it marks is not valid
     * @throws EventRejectedException as {@link #emit(String, Object)}
     * @throws BacklogFullException as {@link #emit(String, Object)}
     * @throws GatewayClosedException as {@link #emit(String, Object)}
     */
    @CanIgnoreReturnValue
    default Emission emit(Object annotated) {
        return emit(Event.of(annotated));
    }

    /**
     * Emits events together: all of them are accepted, or none is. Each is checked and intercepted first, in the order of the
     * collection; then room in the backlog is taken for all deliveries at once, and the store, if there is one, keeps them in one
     * step. The sync subscriptions' functions run after that, in the same order.
     *
     * <p>So a collection that has more deliveries than the whole {@linkplain Builder#backlog backlog} can't be emitted, and an
     * {@linkplain io.eventgateway.spi.EmitInterceptor interceptor} sees an event pass whose acceptance may yet fail with another's.
     *
     * @throws InvalidEventException if one of them is not valid
     * @throws EventRejectedException if an interceptor refuses one of them, or one goes too far in its chain
     * @throws BacklogFullException if the backlog has no room for all of them
     * @throws GatewayClosedException if the gateway is closed or closing
     */
    @CanIgnoreReturnValue
    List<Emission> emitAll(Collection<? extends CloudEvent> events);

    /**
     * Emits events together as {@link #emitAll(Collection)}, each with what the options say. An event that the options'
     * de-duplication knows is not accepted again, and does not hinder the others.
     *
     * @throws IllegalArgumentException if the options have a de-duplication key, of which only the first event could be accepted
     */
    @CanIgnoreReturnValue
    List<Emission> emitAll(Collection<? extends CloudEvent> events, EmitOptions options);

    /**
     * Calls a function, which needs no subscription, and waits for its result, at most the default delivery policy's timeout.
     *
     * @param dataOrEvent an event, which the function gets as it is; or the data of an event of type {@code invoke}: null, {@code
     *     byte[]}, or any object
     * @throws FunctionNotFoundException if it is not registered
     * @throws InvalidEventException if an event is given that is not a valid CloudEvent
     * @throws InvocationException if the call fails
     * @throws BacklogFullException if the backlog has no room
     * @throws GatewayClosedException if the gateway is closed or closing
     */
    @CanIgnoreReturnValue
    InvocationResult invoke(String functionId, @Nullable Object dataOrEvent);

    /**
     * Calls a function as {@link #invoke(String, Object)}, and gives its result as an instance of the class.
     *
     * @throws DataConversionException if the function returned nothing, or what can't be read as the class
     */
    @CanIgnoreReturnValue
    default <T> T invoke(String functionId, @Nullable Object dataOrEvent, Class<T> resultType) {
        Objects.requireNonNull(resultType, "resultType");
        return invoke(functionId, dataOrEvent).valueAs(resultType);
    }

    /**
     * Calls a function as {@link #invoke(String, Object)}, without waiting for it. The future ends with its result, or
     * exceptionally with an {@link InvocationException}, at most the default delivery policy's timeout later. Cancelling
     * it ends the call: a function elsewhere sees its connection closed, a handler that runs is interrupted.
     *
     * <p>What {@code invoke} would throw, the future ends with: a function that is not registered, an invalid event, a backlog that
     * has no room, a gateway that is closed. With {@link BacklogPolicy#BLOCK} this thread waits for room before it gets the future.
     */
    CompletableFuture<InvocationResult> invokeAsync(String functionId, @Nullable Object dataOrEvent);

    /**
     * Answers a request by the function whose http subscription has the most specific path for it. Never throws for a request:
     * 400 when it is {@linkplain HttpRequest#problem() malformed}, or its body is not what the function reads it as ({@link
     * HttpRequest#bodyAs}); 413 when its body is larger than the {@linkplain Builder#maxPayloadSize largest payload}; 404 where no path matches, 405 with {@code Allow} where only other methods do, 502 when the function fails, 504 when it
     * does not end in time, 503 when the gateway is closed, or closes before the function has ended, or its backlog is full, 403 when an interceptor refuses the event, 500
     * when what the function returned can't be a response. {@code HEAD} is answered by the {@code GET} subscription without
     * its body, {@code OPTIONS} by a 204 with {@code Allow}, unless they have subscriptions of their own.
     */
    HttpResponse handle(HttpRequest request);

    /**
     * Answers a request as {@link #handle}, without waiting for the function. The future never ends exceptionally and is the
     * caller's own; what is chained to it without an executor runs on the thread that ended the call. Interceptors run on this
     * thread, and with {@link BacklogPolicy#BLOCK} it waits for room.
     */
    CompletableFuture<HttpResponse> handleAsync(HttpRequest request);

    /** Creates a subscription: {@code subscriptions().create(subscription)} in short. */
    @CanIgnoreReturnValue
    default Subscription subscribe(Subscription subscription) {
        return subscriptions().create(subscription);
    }

    /** Subscribes a function to an event type or pattern, async: {@code subscriptions().create(...)} in short. */
    @CanIgnoreReturnValue
    default Subscription subscribe(String eventType, String functionId) {
        return subscriptions()
                .create(Subscription.to(eventType).function(functionId).build());
    }

    /**
     * Subscribes code of this process to an event type or pattern, async. Its function has no name of its own, is not kept by
     * the store, and goes with the subscription.
     *
     * <p>The event is delivered when the handler returns. A handler that starts work which goes on after that belongs in {@link
     * #subscribeAsync}: the stage of {@code event -> client.sendAsync(event)} would be dropped here, and its failure with it.
     */
    @CanIgnoreReturnValue
    Subscription subscribe(String eventType, EventHandler<? super Event> handler);

    /**
     * Subscribes code of this process as {@link #subscribe(String, EventHandler)}; it gets the data as an instance of the class,
     * as {@link Event#dataAs(Class)} gives it. Data that can't be is a failed attempt that is not retried, whose message says which
     * member of which type it was.
     */
    @CanIgnoreReturnValue
    <T> Subscription subscribe(String eventType, Class<T> dataType, EventHandler<? super T> handler);

    /**
     * Subscribes code of this process to the event type that a class names by {@link EventType}, as {@link #subscribe(String, Class,
     * EventHandler)}. A sealed class or interface without the annotation stands for all of its permitted subclasses that have it: the
     * handler gets each event as an instance of the subclass of its type.
     *
     * @throws io.eventgateway.error.InvalidEventTypeException if the class names no event type, or two of its subclasses name the same
     */
    @CanIgnoreReturnValue
    <T> Subscription subscribe(Class<T> annotated, EventHandler<? super T> handler);

    /**
     * Subscribes code of this process as {@link #subscribe(String, EventHandler)} that begins work and returns a stage: the event
     * is delivered when the stage ends, and the attempt has failed when it ends exceptionally. No thread is held meanwhile. At the
     * policy's timeout the gateway stops waiting, and cancels the stage if it is a future. What the stage ends with is the result,
     * as that of a {@link FunctionHandler}.
     */
    @CanIgnoreReturnValue
    Subscription subscribeAsync(String eventType, Function<? super Event, ? extends CompletionStage<?>> handler);

    /** The functions of this space. */
    Functions functions();

    /** The subscriptions of this space. */
    Subscriptions subscriptions();

    /** The event types of this space. */
    EventTypes eventTypes();

    /** The deliveries of this space that were given up. */
    DeadLetters deadLetters();

    /** What has happened: the events of this space, and the chains of all. */
    EventHistory history();

    /**
     * Which subscriptions of the space would get an event, and why the others would not: what each condition saw, down to the one
     * that failed, and what the transform would send. Delivers nothing, emits nothing, and asks no interceptor. Predicates of
     * {@link Filter#where} and transforms run.
     *
     * @throws InvalidEventException if the event is not valid
     */
    Explanation explain(CloudEvent event);

    /** What is registered in this space now: as values, as JSON, as an AsyncAPI document, and as pictures of what routes where. */
    GatewayDescription describe();

    /**
     * What looks wrong in what is registered in this space now; empty when nothing does. All of it is said once: types that functions
     * emit and nobody subscribes to; types that nobody emits, where the application {@linkplain Builder#emits says} what it emits itself;
     * functions that no subscription, group, dead letter policy or authorizer names; cycles, of which at most 100 are listed; deprecated
     * types that subscriptions name; and the findings about the subscriptions' filters and transforms. Delivers and changes nothing.
     */
    List<Finding> check();

    /**
     * What this process has counted of this space since it has it: events by type; deliveries by type, subscription and function; and how
     * long calls take. Always on, without any library.
     */
    GatewayCounters counters();

    /**
     * A view on another space, which has functions, subscriptions, paths and events of its own. A space is kept from its first
     * mention until the gateway is closed, so take names from configuration and not from requests.
     *
     * @param name 1 to 256 of {@code a-z A-Z 0-9 . - _}
     * @throws IllegalArgumentException if the name is not valid
     */
    EventGateway space(String name);

    /** How full the backlog is; one backlog serves all spaces. */
    BacklogStatus backlog();

    /**
     * Waits until no delivery of any space runs, is ready, or is due before the wait is over; in a handler, its own deliveries don't
     * count. What waits for longer, such as a retry that is due later, an event behind a dead letter that holds its key, or an event of a
     * paused subscription, is not waited for.
     *
     * @return whether that happened in time; false also when the thread was interrupted, whose flag is then set again
     */
    @CanIgnoreReturnValue
    boolean awaitIdle(Duration atMost);

    /**
     * Refuses new events, except those that running handlers emit or reply with, waits up to the shutdown timeout for what can end in
     * that time (see {@link #awaitIdle}), then interrupts what still runs on the gateway's threads and ends the rest as {@link
     * DeliveryStatus#DROPPED}, or as {@link DeliveryStatus#RELEASED} where a store that was given keeps it, which is logged. A thread that
     * is interrupted meanwhile stops waiting and does all other steps. Closes invokers; stores that were given are
     * the giver's to close. Closing again, or closing a view of a {@link #space}, does nothing. A handler that closes its own
     * gateway is not waited for.
     */
    @Override
    void close();

    /** Builds an {@link EventGateway}. Not thread-safe. */
    @CanIgnoreReturnValue
    interface Builder {
        /** The source of events that have none: a URI-reference, {@code /} unless said. */
        Builder source(String source);

        /** Where functions and subscriptions are kept; memory unless said. The gateway does not close it. */
        Builder subscriptionStore(SubscriptionStore store);

        /** Where accepted events and their async deliveries are kept; memory unless said. The gateway does not close it. */
        Builder eventStore(EventStore store);

        /**
         * Both stores of a backend; memory unless said, where {@link InMemoryStores} says how much is kept. Each gateway that is
         * built makes stores in memory of its own; it does not close those of a backend.
         */
        Builder stores(Stores stores);

        /** An invoker provider of one's own; it goes before a discovered one of the same type. */
        Builder invoker(InvokerProvider provider);

        /** Whether invoker providers are looked for by {@link java.util.ServiceLoader}; true unless said. */
        Builder discoverInvokers(boolean discover);

        /** Adds an interceptor around every emit; the first added is the outermost. */
        Builder emitInterceptor(EmitInterceptor interceptor);

        /** Adds an interceptor around every call of a function; the first added is the outermost. */
        Builder invocationInterceptor(InvocationInterceptor interceptor);

        /**
         * What holds where a subscription's policy sets nothing, and for {@code invoke} and {@code handle}; what this does not set
         * either is as in {@link DeliveryPolicy#defaults()}.
         */
        Builder defaultDelivery(DeliveryPolicy policy);

        /** How much may be accepted and not yet delivered, and what happens beyond; {@link Backlog#defaults()} unless said. */
        Builder backlog(Backlog backlog);

        /** How many accepted deliveries may be unfinished at once, and what happens beyond: {@link #backlog(Backlog)} in short. */
        default Builder backlog(int bound, BacklogPolicy whenFull) {
            return backlog(Backlog.of(bound).withPolicy(whenFull));
        }

        /**
         * What runs async deliveries, in place of threads of the gateway's own; its owner is the one who closes it, after the
         * gateway. It must not run tasks on the thread that hands them over.
         */
        Builder executor(Executor executor);

        /**
         * How many threads run async deliveries. Unless said, each delivery has a virtual thread on Java 21 and later, where the
         * backlog alone is the bound; before, there are the larger of 16 and four per processor. A handler that has overrun its
         * deadline and ignores its interruption is made up for by one more thread while it runs, up to as many again. While
         * handlers hold every thread and other deliveries wait, the pool grows by half of this about every 20 ms, up to eight
         * times this; no subscription then gets more than half of this at a time, so that slow ones don't hold up the others.
         */
        Builder workerThreads(int threads);

        /** How a function that keeps failing is paused; it is not unless said. */
        Builder circuitBreaker(CircuitBreakerPolicy breaker);

        /**
         * A predicate that policies can name to say which failures are tried again; see {@link RetryOn#predicate}. It must be
         * quick, and must not throw.
         */
        Builder retryPredicate(String name, Predicate<InvocationException> predicate);

        /**
         * A verifier of webhooks that http subscriptions can name, by {@link Subscription.Builder#verify}, so that what they store is no
         * secret. It goes by the gateway's clock.
         *
         * @throws IllegalArgumentException if the name was given before
         */
        Builder webhookVerifier(String name, WebhookVerifier verifier);

        /**
         * The places that functions elsewhere may be called at; {@link NetworkPolicy#anywhere()} unless said, which is for functions that
         * only whoever runs the application registers. A function's own configuration may narrow it.
         */
        Builder networkPolicy(NetworkPolicy policy);

        /**
         * A source of secrets that configurations of functions may refer to. Without one of the scheme, {@code ${env:NAME}} is an
         * environment variable of this process and {@code ${file:name}} a file below {@code /run/secrets}. Whoever may register a function
         * may send it any secret that a source resolves.
         *
         * @throws IllegalArgumentException if a source of the same scheme was given before
         */
        Builder secrets(Secrets source);

        /** What gives the documents that the schemas of event types refer to; nothing unless given, and nothing is ever fetched by itself. */
        Builder schemaResolver(SchemaProvider.Resolver resolver);

        /**
         * The event types that the application emits by itself, in any space and by any process, beside those that functions say they
         * {@linkplain FunctionDefinition#emits emit}; patterns are accepted. Only when this is said, {@link EventGateway#check} can list the
         * types that nobody emits. Each call adds some; without any, the call says that the application emits nothing. Nothing is held to it.
         *
         * @throws IllegalArgumentException if a type is none that subscriptions could name
         */
        Builder emits(String... types);

        /** How far chains of events may go; {@link ChainLimits#defaults()} unless said. */
        Builder chainLimits(ChainLimits limits);

        /** The largest payload that is sent to a function outside of this process, and the largest body of a request that {@code
         * handle} takes, in bytes; 1 MiB unless said. */
        Builder maxPayloadSize(int bytes);

        /** What converts objects from and to JSON; Jackson's default mapper unless said. */
        Builder jsonMapper(JsonMapper mapper);

        /** Where the time comes from; the system's clock unless said. Tests give one that they control. */
        Builder clock(InstantSource clock);

        /** How long {@link #close} waits for accepted deliveries; 10 s unless said. */
        Builder shutdownTimeout(Duration timeout);

        /**
         * Whether the end of the Java virtual machine {@linkplain #close closes} the gateway, so that a {@code main} that ends
         * without close loses nothing that was accepted; true unless said. False where a framework closes it.
         */
        Builder closeOnExit(boolean close);

        /**
         * The gateway, with the store's functions and subscriptions loaded. A builder may build several.
         *
         * @throws IllegalStateException if two settings exclude each other
         * @throws StoreFailedException if the store can't be read
         */
        @CheckReturnValue
        EventGateway build();
    }
}

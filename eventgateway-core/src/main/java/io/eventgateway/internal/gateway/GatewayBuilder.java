package io.eventgateway.internal.gateway;

import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.http.WebhookVerifier;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.event.Attributes;
import io.eventgateway.internal.event.EventTypePattern;
import io.eventgateway.internal.event.NearNames;
import io.eventgateway.internal.observation.GatewayObserver;
import io.eventgateway.internal.observation.ObservedBuilder;
import io.eventgateway.spi.EmitInterceptor;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.InMemoryStores;
import io.eventgateway.spi.InvocationInterceptor;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.SchemaProvider;
import io.eventgateway.spi.Secrets;
import io.eventgateway.spi.Stores;
import io.eventgateway.spi.SubscriptionStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Collects and checks the settings of a gateway. */
public final class GatewayBuilder implements EventGateway.Builder, ObservedBuilder {
    private static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Path MOUNTED_SECRETS = Path.of("/run/secrets");
    private static final Duration LONGEST_LEASE = Duration.ofHours(1);
    private static final Duration MAX_WAIT = Duration.ofDays(1);

    final FacadeAccess access;
    URI source = URI.create("/");

    @Nullable Stores stores;

    @Nullable SubscriptionStore subscriptionStore;

    @Nullable EventStore eventStore;

    final List<InvokerProvider> invokers = new ArrayList<>();
    boolean discoverInvokers = true;
    final List<EmitInterceptor> emitInterceptors = new ArrayList<>();
    final List<InvocationInterceptor> invocationInterceptors = new ArrayList<>();
    DeliveryPolicy defaultDelivery = DeliveryPolicy.defaults();
    Backlog backlog = Backlog.defaults();
    final Map<String, Predicate<InvocationException>> retryPredicates = new HashMap<>();
    final Map<String, WebhookVerifier> webhookVerifiers = new HashMap<>();

    @Nullable CircuitBreakerPolicy circuitBreaker;

    NetworkPolicy networkPolicy = NetworkPolicy.anywhere();
    private final Map<String, Secrets> secrets = new TreeMap<>();

    SchemaProvider.Resolver schemaResolver = address -> null;

    ChainLimits chainLimits = ChainLimits.defaults();

    /** The types that the application says it emits by itself; null when it does not say. */
    @Nullable List<EventTypePattern> emits;

    @Nullable Executor executor;

    @Nullable Integer workerThreads;

    boolean closeOnExit = true;
    int maxPayloadSize = 1024 * 1024;

    /** Null for Jackson's shared one, which is made when something is first converted. */
    @Nullable JsonMapper jsonMapper;

    @Nullable GatewayObserver observer;

    InstantSource clock = InstantSource.system();
    Duration shutdownTimeout = Duration.ofSeconds(10);

    /** A builder with the defaults, of a gateway that sees into the facade's values by what it is given. */
    public GatewayBuilder(FacadeAccess access) {
        this.access = access;
    }

    @Override
    public EventGateway.Builder source(String source) {
        this.source = Attributes.source("source", source);
        return this;
    }

    @Override
    public EventGateway.Builder subscriptionStore(SubscriptionStore store) {
        this.subscriptionStore = given(store, "store");
        return this;
    }

    @Override
    public EventGateway.Builder eventStore(EventStore store) {
        this.eventStore = given(store, "store");
        return this;
    }

    @Override
    public EventGateway.Builder stores(Stores stores) {
        Duration lease = given(stores, "stores").lease();
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException(
                    "the lease of the stores must be " + SHORTEST_LEASE + " to " + LONGEST_LEASE + ", was " + lease);
        }
        this.stores = stores;
        return this;
    }

    @Override
    public EventGateway.Builder invoker(InvokerProvider provider) {
        invokers.add(given(provider, "provider"));
        return this;
    }

    @Override
    public EventGateway.Builder discoverInvokers(boolean discover) {
        this.discoverInvokers = discover;
        return this;
    }

    @Override
    public EventGateway.Builder emitInterceptor(EmitInterceptor interceptor) {
        emitInterceptors.add(given(interceptor, "interceptor"));
        return this;
    }

    @Override
    public EventGateway.Builder invocationInterceptor(InvocationInterceptor interceptor) {
        invocationInterceptors.add(given(interceptor, "interceptor"));
        return this;
    }

    @Override
    public EventGateway.Builder defaultDelivery(DeliveryPolicy policy) {
        this.defaultDelivery = given(policy, "policy");
        return this;
    }

    @Override
    public EventGateway.Builder circuitBreaker(CircuitBreakerPolicy breaker) {
        this.circuitBreaker = given(breaker, "breaker");
        return this;
    }

    @Override
    public EventGateway.Builder retryPredicate(String name, Predicate<InvocationException> predicate) {
        if (retryPredicates.putIfAbsent(given(name, "name"), given(predicate, "predicate")) != null) {
            throw new IllegalArgumentException("the retry predicate '" + name + "' was given before");
        }
        return this;
    }

    @Override
    public EventGateway.Builder webhookVerifier(String name, WebhookVerifier verifier) {
        if (webhookVerifiers.putIfAbsent(given(name, "name"), given(verifier, "verifier")) != null) {
            throw new IllegalArgumentException("the webhook verifier '" + name + "' was given before");
        }
        return this;
    }

    @Override
    public EventGateway.Builder networkPolicy(NetworkPolicy policy) {
        this.networkPolicy = given(policy, "policy");
        return this;
    }

    @Override
    public EventGateway.Builder schemaResolver(SchemaProvider.Resolver resolver) {
        this.schemaResolver = given(resolver, "resolver");
        return this;
    }

    @Override
    public EventGateway.Builder secrets(Secrets source) {
        String scheme = given(source, "source").scheme();
        if (!scheme.matches("[A-Za-z][A-Za-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "the scheme of a source of secrets must be letters, digits and hyphens, was '" + scheme + "'");
        }
        if (secrets.putIfAbsent(scheme, source) != null) {
            throw new IllegalArgumentException("a source of secrets of the scheme '" + scheme + "' was given before");
        }
        return this;
    }

    /** What was given, and the environment and mounted files unless something else was given for their schemes. */
    List<Secrets> sourcesOfSecrets() {
        Map<String, Secrets> all = new TreeMap<>(secrets);
        for (Secrets usual : List.of(Secrets.environment(), Secrets.files(MOUNTED_SECRETS))) {
            all.putIfAbsent(usual.scheme(), usual);
        }
        return List.copyOf(all.values());
    }

    @Override
    public EventGateway.Builder emits(String... types) {
        List<EventTypePattern> all = new ArrayList<>(emits == null ? List.of() : emits);
        for (String type : given(types, "types")) {
            try {
                all.add(EventTypePattern.of(EventTypePattern.checked(type)));
            } catch (InvalidSubscriptionException e) {
                throw new IllegalArgumentException("a type that the application emits: " + e.getMessage(), e);
            }
        }
        this.emits = all;
        return this;
    }

    @Override
    public EventGateway.Builder chainLimits(ChainLimits limits) {
        this.chainLimits = given(limits, "limits");
        return this;
    }

    @Override
    public EventGateway.Builder backlog(Backlog backlog) {
        this.backlog = given(backlog, "backlog");
        return this;
    }

    @Override
    public EventGateway.Builder executor(Executor executor) {
        this.executor = given(executor, "executor");
        return this;
    }

    @Override
    public EventGateway.Builder closeOnExit(boolean close) {
        this.closeOnExit = close;
        return this;
    }

    @Override
    public EventGateway.Builder workerThreads(int threads) {
        this.workerThreads = atLeastOne("workerThreads", threads);
        return this;
    }

    @Override
    public EventGateway.Builder maxPayloadSize(int bytes) {
        this.maxPayloadSize = atLeastOne("maxPayloadSize", bytes);
        return this;
    }

    @Override
    public EventGateway.Builder jsonMapper(JsonMapper mapper) {
        this.jsonMapper = given(mapper, "mapper");
        return this;
    }

    @Override
    public EventGateway.Builder clock(InstantSource clock) {
        this.clock = given(clock, "clock");
        return this;
    }

    @Override
    public EventGateway.Builder shutdownTimeout(Duration timeout) {
        this.shutdownTimeout = wait("shutdownTimeout", timeout);
        return this;
    }

    @Override
    public void observer(GatewayObserver observer) {
        this.observer = observer;
    }

    private static <T> T given(@Nullable T value, String setting) {
        return Objects.requireNonNull(
                value, () -> setting + " must not be null; leave the setting out for its default");
    }

    /** The store of functions and subscriptions for one gateway. */
    SubscriptionStore openSubscriptionStore() {
        if (subscriptionStore != null) {
            return subscriptionStore;
        }
        return stores == null ? SubscriptionStore.inMemory() : stores.subscriptionStore();
    }

    /** Returns whether the event store was given, so that other gateways may look into it. */
    boolean isEventStoreShared() {
        return eventStore != null || (stores != null && !(stores instanceof InMemoryStores));
    }

    /** The store of events for one gateway; one in memory is the gateway's own and goes by its clock. */
    EventStore openEventStore() {
        if (eventStore != null) {
            return eventStore;
        }
        if (stores == null) {
            return InMemoryStores.builder().build().eventStore(clock);
        }
        return stores instanceof InMemoryStores memory ? memory.eventStore(clock) : stores.eventStore();
    }

    /** How long the leases of the gateway's deliveries are. */
    Duration lease() {
        return stores == null ? DEFAULT_LEASE : stores.lease();
    }

    private static int atLeastOne(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(setting + " must be at least 1, was " + value);
        }
        return value;
    }

    private static Duration wait(String setting, Duration value) {
        given(value, setting);
        if (value.isNegative() || value.compareTo(MAX_WAIT) > 0) {
            throw new IllegalArgumentException(setting + " must be zero to " + MAX_WAIT + ", was " + value);
        }
        return value;
    }

    @Override
    public EventGateway build() {
        if (stores != null && eventStore != null) {
            throw new IllegalStateException(
                    "stores(...) and eventStore(...) exclude each other: both say where events are kept");
        }
        if (stores != null && !(stores instanceof InMemoryStores) && subscriptionStore != null) {
            throw new IllegalStateException(
                    "stores(...) and subscriptionStore(...) exclude each other: both say where subscriptions are kept");
        }
        if (executor != null && workerThreads != null) {
            throw new IllegalStateException(
                    "executor(...) and workerThreads(...) exclude each other: an executor has threads of its own");
        }
        if (backlog.policy() != BacklogPolicy.BLOCK
                && !backlog.maxWait().equals(Backlog.defaults().maxWait())) {
            throw new IllegalStateException(
                    "Backlog.withWait(...) has no effect with " + backlog.policy() + ": only BLOCK waits for room");
        }
        RetryOn retryOn = defaultDelivery.retryOn();
        String predicate = retryOn == null ? null : retryOn.predicate();
        if (predicate != null && !retryPredicates.containsKey(predicate)) {
            throw new IllegalStateException("defaultDelivery(...) names the retry predicate '" + predicate
                    + "', which was not given by retryPredicate(...)"
                    + NearNames.hint(predicate, retryPredicates.keySet()));
        }
        return DefaultEventGateway.of(this);
    }
}

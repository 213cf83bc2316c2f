package io.eventgateway.internal.gateway;

import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.history.Retention;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.event.Attributes;
import io.eventgateway.spi.EmitInterceptor;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.InvocationInterceptor;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.Stores;
import io.eventgateway.spi.SubscriptionStore;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Collects and checks the settings of a gateway. */
public final class GatewayBuilder implements EventGateway.Builder {
    private static final int LEAST_WORKERS = 16;
    private static final int WORKERS_PER_PROCESSOR = 4;
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Duration LONGEST_LEASE = Duration.ofHours(1);
    private static final Duration MAX_WAIT = Duration.ofDays(1);

    final FacadeAccess access;
    URI source = URI.create("/");
    SubscriptionStore subscriptionStore = SubscriptionStore.inMemory();

    @Nullable EventStore eventStore;

    int deadLetters = 10_000;
    Retention history = Retention.NONE;
    DeadLetterOverflow deadLetterOverflow = DeadLetterOverflow.DISCARD_OLDEST;
    final List<InvokerProvider> invokers = new ArrayList<>();
    boolean discoverInvokers = true;
    final List<EmitInterceptor> emitInterceptors = new ArrayList<>();
    final List<InvocationInterceptor> invocationInterceptors = new ArrayList<>();
    DeliveryPolicy defaultDelivery = DeliveryPolicy.defaults();
    int backlog = 10_000;
    BacklogPolicy backlogPolicy = BacklogPolicy.BLOCK;
    long backlogBytes = 128L * 1024 * 1024;
    final Map<String, Predicate<InvocationException>> retryPredicates = new HashMap<>();

    @Nullable CircuitBreakerPolicy circuitBreaker;

    ChainLimits chainLimits = ChainLimits.defaults();
    Duration backlogWait = Duration.ofSeconds(30);
    int workerThreads =
            Math.max(LEAST_WORKERS, WORKERS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    int maxPayloadSize = 1024 * 1024;

    /** Null for Jackson's shared one, which is made when something is first converted. */
    @Nullable JsonMapper jsonMapper;

    InstantSource clock = InstantSource.system();
    Duration shutdownTimeout = Duration.ofSeconds(10);
    Duration lease = Duration.ofSeconds(30);

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
        this.subscriptionStore = Objects.requireNonNull(store, "store");
        return this;
    }

    @Override
    public EventGateway.Builder eventStore(EventStore store) {
        this.eventStore = Objects.requireNonNull(store, "store");
        return this;
    }

    @Override
    public EventGateway.Builder stores(Stores stores) {
        return subscriptionStore(stores.subscriptionStore()).eventStore(stores.eventStore());
    }

    @Override
    public EventGateway.Builder history(Retention retention) {
        this.history = Objects.requireNonNull(retention, "retention");
        return this;
    }

    @Override
    public EventGateway.Builder lease(Duration time) {
        Objects.requireNonNull(time, "time");
        if (time.compareTo(SHORTEST_LEASE) < 0 || time.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException(
                    "lease must be " + SHORTEST_LEASE + " to " + LONGEST_LEASE + ", was " + time);
        }
        this.lease = time;
        return this;
    }

    @Override
    public EventGateway.Builder invoker(InvokerProvider provider) {
        invokers.add(Objects.requireNonNull(provider, "provider"));
        return this;
    }

    @Override
    public EventGateway.Builder discoverInvokers(boolean discover) {
        this.discoverInvokers = discover;
        return this;
    }

    @Override
    public EventGateway.Builder emitInterceptor(EmitInterceptor interceptor) {
        emitInterceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
        return this;
    }

    @Override
    public EventGateway.Builder invocationInterceptor(InvocationInterceptor interceptor) {
        invocationInterceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
        return this;
    }

    @Override
    public EventGateway.Builder defaultDelivery(DeliveryPolicy policy) {
        this.defaultDelivery = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public EventGateway.Builder backlog(int bound, BacklogPolicy policy) {
        this.backlog = atLeastOne("backlog", bound);
        this.backlogPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public EventGateway.Builder backlogBytes(long bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("backlogBytes must be at least 1, was " + bound);
        }
        this.backlogBytes = bound;
        return this;
    }

    @Override
    public EventGateway.Builder circuitBreaker(CircuitBreakerPolicy breaker) {
        this.circuitBreaker = Objects.requireNonNull(breaker, "breaker");
        return this;
    }

    @Override
    public EventGateway.Builder retryPredicate(String name, Predicate<InvocationException> predicate) {
        retryPredicates.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(predicate, "predicate"));
        return this;
    }

    @Override
    public EventGateway.Builder chainLimits(ChainLimits limits) {
        this.chainLimits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    @Override
    public EventGateway.Builder deadLetters(int bound, DeadLetterOverflow overflow) {
        this.deadLetters = atLeastOne("the bound of deadLetters", bound);
        this.deadLetterOverflow = Objects.requireNonNull(overflow, "overflow");
        return this;
    }

    @Override
    public EventGateway.Builder backlogWait(Duration atMost) {
        this.backlogWait = wait("backlogWait", atMost);
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
        this.jsonMapper = Objects.requireNonNull(mapper, "mapper");
        return this;
    }

    @Override
    public EventGateway.Builder clock(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    @Override
    public EventGateway.Builder shutdownTimeout(Duration timeout) {
        this.shutdownTimeout = wait("shutdownTimeout", timeout);
        return this;
    }

    private static int atLeastOne(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(setting + " must be at least 1, was " + value);
        }
        return value;
    }

    private static Duration wait(String setting, Duration value) {
        Objects.requireNonNull(value, setting);
        if (value.isNegative() || value.compareTo(MAX_WAIT) > 0) {
            throw new IllegalArgumentException(setting + " must be zero to " + MAX_WAIT + ", was " + value);
        }
        return value;
    }

    @Override
    public EventGateway build() {
        return DefaultEventGateway.of(this);
    }
}

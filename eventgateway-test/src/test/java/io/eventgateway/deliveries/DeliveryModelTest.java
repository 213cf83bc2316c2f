package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.FunctionContext;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.test.TestGateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random histories of a gateway (emits, failures, timeouts, redrives, purges, changes of subscriptions, jumps of the clock, a
 * close), held against a simple model: for each delivery its state, its attempts in this round, and for each key who is on.
 */
class DeliveryModelTest {
    private static final int MAX_ATTEMPTS = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);
    private static final List<String> SUBSCRIPTIONS = List.of("plain", "ordered", "limited");

    /** What a function does in one attempt. */
    private enum Behaviour {
        SUCCEED,
        FAIL,
        FAIL_FOR_GOOD,
        HANG
    }

    /** One step of a history; parts that its kind does not need are ignored. */
    private record Step(Kind of, String subject, List<Behaviour> script, int number) {
        private enum Kind {
            EMIT,
            EMIT_LATER,
            ADVANCE,
            REDRIVE,
            PURGE,
            RELEASE,
            TOGGLE
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Step.Kind> kinds = Arbitraries.frequency(
                Tuple.of(8, Step.Kind.EMIT),
                Tuple.of(2, Step.Kind.EMIT_LATER),
                Tuple.of(6, Step.Kind.ADVANCE),
                Tuple.of(2, Step.Kind.REDRIVE),
                Tuple.of(1, Step.Kind.PURGE),
                Tuple.of(1, Step.Kind.RELEASE),
                Tuple.of(1, Step.Kind.TOGGLE));
        Arbitrary<List<Behaviour>> scripts = Arbitraries.frequency(
                        Tuple.of(5, Behaviour.SUCCEED),
                        Tuple.of(4, Behaviour.FAIL),
                        Tuple.of(1, Behaviour.FAIL_FOR_GOOD),
                        Tuple.of(1, Behaviour.HANG))
                .list()
                .ofSize(5);
        return Combinators.combine(
                        kinds,
                        Arbitraries.of("x", "y", ""),
                        scripts,
                        Arbitraries.integers().between(0, 20_000))
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(80);
    }

    @Property(tries = 400)
    void everyAcceptedDeliveryEndsExactlyOnce(@ForAll("histories") List<Step> history) {
        new World(null).live(history);
    }

    @Property(tries = 150)
    void soItDoesBehindACircuitBreaker(@ForAll("histories") List<Step> history) {
        new World(new CircuitBreakerPolicy(2, Duration.ofSeconds(20))).live(history);
    }

    /** One delivery, as the model knows it. */
    private static final class Fate {
        private final Emission emission;
        private final Instant acceptedAt;
        private int calls;
        private int roundCalls;

        Fate(Emission emission, Instant acceptedAt) {
            this.emission = emission;
            this.acceptedAt = acceptedAt;
        }
    }

    private static final class World {
        private final TestGateway gateway;
        private final Map<String, List<Behaviour>> scripts = new HashMap<>();
        /** By event and subscription, the latest round first. */
        private final Map<String, Fate> fates = new TreeMap<>();
        /** How many rounds of deliveries ended how. */
        private final Map<DeliveryStatus, Integer> ended = new HashMap<>();

        private final List<Emission> rounds = new ArrayList<>();
        private final Map<String, String> onTurn = new HashMap<>();
        /** By the delivery whose call hangs. */
        private final Map<String, CompletableFuture<Object>> hanging = new HashMap<>();
        /** Those that succeeded late. */
        private final Set<String> released = new HashSet<>();

        private final List<String> violations = new ArrayList<>();
        private final Set<String> purged = new HashSet<>();
        private boolean closed;
        private boolean toggled;
        private int events;
        private int purges;

        World(CircuitBreakerPolicy breaker) {
            gateway = TestGateway.create(builder -> {
                builder.backlog(30, BacklogPolicy.DROP).defaultDelivery(policy().build());
                return breaker == null ? builder : builder.circuitBreaker(breaker);
            });
            for (String id : SUBSCRIPTIONS) {
                gateway.functions().register(id, (event, context) -> handle(id, event, context));
                gateway.subscriptions().create(subscription(id));
            }
        }

        private static DeliveryPolicy.Builder policy() {
            return DeliveryPolicy.builder()
                    .maxAttempts(MAX_ATTEMPTS)
                    .timeout(TIMEOUT)
                    .timeToLive(TIME_TO_LIVE)
                    .backoff(Backoff.exponential(Duration.ofSeconds(1), 3, Duration.ofSeconds(20)));
        }

        private static Subscription subscription(String id) {
            DeliveryPolicy.Builder policy = policy();
            if (id.equals("ordered")) {
                policy.orderBy("subject");
            }
            if (id.equals("limited")) {
                policy.maxConcurrency(2);
            }
            return Subscription.to("a")
                    .id(id)
                    .function(id)
                    .delivery(policy.build())
                    .build();
        }

        /** The function of every subscription; it is here that order and limits show. */
        private Object handle(String subscription, Event event, FunctionContext context) {
            String key = event.getId() + " " + subscription;
            if (closed) {
                violations.add(key + " ran after the close");
            }
            Fate fate = fates.computeIfAbsent(
                    key, first -> new Fate(null, gateway.clock().instant()));
            if (context.attempt() != fate.calls + 1) {
                violations.add(key + " was told attempt " + context.attempt() + ", is " + (fate.calls + 1));
            }
            fate.calls++;
            fate.roundCalls++;
            if (fate.roundCalls > MAX_ATTEMPTS) {
                violations.add(key + " is attempted " + fate.roundCalls + " times");
            }
            if (subscription.equals("ordered") && event.getSubject() != null) {
                String other = onTurn.put(event.getSubject(), key);
                if (other != null && !other.equals(key) && !isOver(other)) {
                    violations.add(key + " overtakes " + other);
                }
            }
            List<Behaviour> script = scripts.get(event.getId());
            Behaviour behaviour = script.get(Math.min(fate.calls, script.size()) - 1);
            if (behaviour == Behaviour.HANG) {
                long now = hanging.entrySet().stream()
                        .filter(each -> each.getKey().endsWith(" limited")
                                && !each.getValue().isDone())
                        .count();
                if (subscription.equals("limited") && now >= 2) {
                    violations.add((now + 1) + " calls of " + subscription + " at once");
                }
                CompletableFuture<Object> hangs = new CompletableFuture<>();
                hanging.put(key, hangs);
                return hangs;
            }
            if (behaviour == Behaviour.SUCCEED) {
                return null;
            }
            boolean retryable = behaviour == Behaviour.FAIL;
            throw new InvocationException(Kind.FUNCTION_ERROR, retryable, "as the script says");
        }

        private boolean isOver(String key) {
            String[] parts = key.split(" ");
            return deadLetter(parts[0], parts[1])
                    || purged.contains(key)
                    || released.contains(key)
                    || rounds.stream()
                            .anyMatch(round -> round.event().getId().equals(parts[0])
                                    && round.soFar().deliveries().stream().anyMatch(result -> result.subscriptionId()
                                            .equals(parts[1])))
                    || !isPending(parts[0], parts[1]);
        }

        /** A delivery that ended with success and nothing does not show before its emission is complete. */
        private boolean isPending(String eventId, String subscription) {
            Fate fate = fates.get(eventId + " " + subscription);
            List<Behaviour> script = scripts.get(eventId);
            return fate.calls == 0 || script.get(Math.min(fate.calls, script.size()) - 1) != Behaviour.SUCCEED;
        }

        private boolean deadLetter(String eventId, String subscription) {
            return gateway.deadLetters().list(DeadLetterQuery.all().ofSubscription(subscription)).stream()
                    .anyMatch(letter -> letter.event().getId().equals(eventId));
        }

        void live(List<Step> history) {
            try {
                for (Step step : history) {
                    take(step);
                    check();
                }
                gateway.advance(Duration.ofHours(1)); // everything ends by itself within the time to live
                check();
                assertThat(gateway.backlog().pending()).isZero();
                assertThat(rounds).allMatch(round -> round.completion().isDone());
                take(new Step(Step.Kind.EMIT, "x", List.of(Behaviour.FAIL, Behaviour.SUCCEED), 0));
            } finally {
                gateway.close();
                closed = true;
            }
            gateway.advance(Duration.ofHours(1));
            check();
            assertThat(gateway.backlog().pending()).isZero();
            assertThat(rounds).allMatch(round -> round.completion().isDone());
            accountForEverything();
        }

        private void take(Step step) {
            switch (step.of()) {
                case EMIT -> emit(step, EmitOptions.none());
                case EMIT_LATER ->
                    emit(
                            step,
                            EmitOptions.builder()
                                    .delay(Duration.ofMillis(step.number()))
                                    .build());
                case ADVANCE -> gateway.advance(Duration.ofMillis(step.number()));
                case REDRIVE ->
                    gateway.deadLetters().list(DeadLetterQuery.all().limit(1 + step.number() % 3)).stream()
                            .map(DeadLetter::id)
                            .forEach(this::redrive);
                case PURGE ->
                    gateway.deadLetters().list(DeadLetterQuery.all().limit(1)).forEach(letter -> {
                        purged.add(letter.event().getId() + " " + letter.subscriptionId());
                        purges += gateway.deadLetters().purge(letter.id()) ? 1 : 0;
                    });
                case RELEASE -> {
                    Map<String, CompletableFuture<Object>> all = Map.copyOf(hanging);
                    hanging.clear();
                    all.forEach((key, hangs) -> {
                        if (!hangs.isDone()) {
                            released.add(key);
                        }
                        hangs.complete(null);
                    });
                }
                case TOGGLE -> {
                    if (toggled) {
                        gateway.subscriptions().create(subscription("plain"));
                    } else {
                        gateway.subscriptions().delete("plain");
                    }
                    toggled = !toggled;
                }
            }
        }

        private void emit(Step step, EmitOptions options) {
            Event.Builder event = Event.builder("a").id("e" + events++);
            if (!step.subject().isEmpty()) {
                event.subject(step.subject());
            }
            Event built = event.build();
            scripts.put(built.getId(), step.script());
            for (String subscription : SUBSCRIPTIONS) {
                fates.put(
                        built.getId() + " " + subscription,
                        new Fate(null, gateway.clock().instant()));
            }
            rounds.add(gateway.emit(built, options));
        }

        private void redrive(String id) {
            gateway.deadLetters().get(id).ifPresent(letter -> {
                fates.get(letter.event().getId() + " " + letter.subscriptionId()).roundCalls = 0;
                try {
                    rounds.add(gateway.deadLetters().redrive(id));
                } catch (BacklogFullException e) {
                    assertThat(gateway.deadLetters().get(id)).isPresent();
                }
            });
        }

        private void check() {
            assertThat(violations).isEmpty();
        }

        private void accountForEverything() {
            int accepted = 0;
            for (Emission round : rounds) {
                accepted += round.subscriptionIds().size();
                List<DeliveryResult> results = round.completion().join().deliveries();
                assertThat(results).hasSize(round.subscriptionIds().size());
                results.forEach(result -> ended.merge(result.status(), 1, Integer::sum));
            }
            assertThat(ended.values().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(accepted);
            int given =
                    ended.getOrDefault(DeliveryStatus.DEAD_LETTERED, 0) + ended.getOrDefault(DeliveryStatus.EXPIRED, 0);
            long redriven = rounds.size() - events;
            assertThat(gateway.deadLetters().count()).isEqualTo(given - redriven - purges);
            try {
                gateway.emit("a", 1);
                throw new AssertionError("a closed gateway accepts nothing");
            } catch (GatewayClosedException e) {
                assertThat(e).hasMessageContaining("closed");
            }
        }
    }
}

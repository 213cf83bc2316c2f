package io.eventgateway.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.internal.counters.Counters;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeIndexTest {
    private final TypeIndex index = new TypeIndex(
            filter -> {
                throw new AssertionError(filter);
            },
            new Counters(InstantSource.system()).of("default"));

    private void subscribe(String id, String eventType) {
        subscribe(index, id, eventType);
    }

    private static void subscribe(TypeIndex index, String id, String eventType) {
        index.put(Targets.of(Subscription.to(eventType).function("f").id(id).build()));
    }

    private Set<String> subscribers(String eventType) {
        return subscribers(index, eventType);
    }

    private static Set<String> subscribers(TypeIndex index, String eventType) {
        Route route = index.route(eventType);
        return Stream.of(route.sync(), route.async())
                .flatMap(Arrays::stream)
                .map(target -> target.subscription().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "order.placed, order.placed, true",
        "order.placed, order.shipped, false",
        "order.*, order.placed, true",
        "order.*, order, false",
        "order.*, order.item.added, false",
        "order.*.added, order.item.added, true",
        "order.**, order, true",
        "order.**, order.placed, true",
        "order.**, order.item.added, true",
        "order.**, orders.placed, false",
        "**, anything, true",
        "**, any.thing.at.all, true",
        "**.added, order.item.added, true",
        "**.added, added, true",
        "**.added, order.added.twice, false",
        "*.placed, order.placed, true",
        "*.**, order, true",
        "**.*, order, true",
        "**.**, order, true",
        "a.**.z, a.z, true",
        "a.**.z, a.b.c.z, true",
        "a.**.z, a.b.c, false",
        "**, gateway.event.received, false",
        "*.event.received, gateway.event.received, false",
        "gateway.**, gateway.event.received, true",
        "gateway.function.*, gateway.function.invoked, true",
        "gateway.*.received, gateway.event.received, true",
        "**, gateways.event, true",
    })
    void matchesBySegments(String pattern, String eventType, boolean expected) {
        subscribe("s", pattern);

        assertThat(subscribers(eventType)).isEqualTo(expected ? Set.of("s") : Set.of());
    }

    @Test
    void forgetsAPatternThatIsRemoved() {
        subscribe("all", "**");
        subscribe("orders", "order.*");
        assertThat(subscribers("order.placed")).containsExactly("all", "orders");

        index.remove("**", "all");
        assertThat(subscribers("order.placed")).containsExactly("orders");

        index.remove("order.*", "orders");
        assertThat(subscribers("order.placed")).isEmpty();
    }

    @Test
    void takesASubscriptionOnceWhileItMovesFromATypeToAPattern() {
        subscribe("s", "order.placed");
        subscribe("s", "order.*");

        assertThat(index.route("order.placed").async()).hasSize(1);
    }

    @Test
    void givesTheSameRouteUntilSomethingChanges() {
        subscribe("s", "order.placed");
        Route before = index.route("order.placed");
        subscribe("other", "invoice.sent");

        assertThat(index.route("order.placed")).isSameAs(before);
    }

    @Test
    void answersHostilePatternsInTimeThatGrowsWithTheirLength() {
        String pattern = "**" + ".a.**".repeat(30) + ".b";
        subscribe("s", pattern);

        assertThat(subscribers("a" + ".a".repeat(3_000))).isEmpty();
        assertThat(subscribers("a" + ".a".repeat(3_000) + ".b")).containsExactly("s");
    }

    private record Step(boolean add, int id, String pattern) {}

    private record Scenario(List<Step> steps, String eventType) {}

    @Provide
    Arbitrary<Scenario> scenarios() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.of(true, true, true, false),
                        Arbitraries.integers().between(0, 5),
                        dotted("a", "b", "gateway", "*", "**"))
                .as(Step::new);
        return Combinators.combine(step.list().ofMaxSize(20), dotted("a", "b", "gateway"))
                .as(Scenario::new);
    }

    private static Arbitrary<String> dotted(String... segments) {
        return Arbitraries.integers().between(1, 4).flatMap(size -> {
            Arbitrary<String> text = Arbitraries.of(segments);
            for (int i = 1; i < size; i++) {
                text = Combinators.combine(text, Arbitraries.of(segments)).as((left, right) -> left + "." + right);
            }
            return text;
        });
    }

    @Property
    void routesAsTheDefinitionOfPatternsSaysWhateverChanges(@ForAll("scenarios") Scenario scenario) {
        TypeIndex changing = new TypeIndex(
                filter -> {
                    throw new AssertionError(filter);
                },
                new Counters(InstantSource.system()).of("default"));
        Map<String, String> model = new HashMap<>();
        for (Step step : scenario.steps()) {
            String id = "s" + step.id();
            String before = model.remove(id);
            if (step.add()) {
                subscribe(changing, id, step.pattern());
                model.put(id, step.pattern());
            }
            if (before != null && !before.equals(model.get(id))) {
                changing.remove(before, id);
            }
            assertThat(subscribers(changing, scenario.eventType()))
                    .isEqualTo(model.entrySet().stream()
                            .filter(entry -> naivelyMatches(entry.getValue(), scenario.eventType()))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toSet()));
        }
    }

    private static boolean naivelyMatches(String pattern, String eventType) {
        if (pattern.startsWith("*") && SystemEvent.isSystemType(eventType)) {
            return false;
        }
        return naivelyMatches(List.of(pattern.split("\\.")), List.of(eventType.split("\\.")));
    }

    private static boolean naivelyMatches(List<String> pattern, List<String> segments) {
        if (pattern.isEmpty()) {
            return segments.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        if (pattern.get(0).equals("**")) {
            return naivelyMatches(rest, segments)
                    || (!segments.isEmpty() && naivelyMatches(pattern, segments.subList(1, segments.size())));
        }
        return !segments.isEmpty()
                && (pattern.get(0).equals("*") || pattern.get(0).equals(segments.get(0)))
                && naivelyMatches(rest, segments.subList(1, segments.size()));
    }
}

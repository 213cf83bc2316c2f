package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.FilterCheck.Outcome;
import io.eventgateway.internal.filter.FilterCheck.Remark;
import io.eventgateway.internal.schema.EventPlace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is said of filters is so: many more tries by {@code -Djqwik.tries.default=100000}. */
class NoFalseAlarmTest {
    private static final int EVENTS = 8;
    private static final Map<Outcome, Integer> SEEN = new EnumMap<>(Outcome.class);

    @Property
    void whatIsImpossibleMatchesNoValidEventAndWhatIsAlwaysTrueMatchesEach(@ForAll long seed) {
        Random random = new Random(seed);
        RandomSchema.Model model = new RandomSchema(random).model();
        EventPlace place = EventPlace.of("t", model.schema());
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(event(random, model.values().get()));
        }
        for (int i = 0; i < 3; i++) {
            Condition condition = new RandomFilter(random).condition(2);
            if (condition != null) {
                check(model.schema(), place, condition, events);
            }
        }
    }

    private static void check(JsonNode schema, EventPlace place, Condition condition, List<Event> events) {
        Outcome outcome = FilterCheck.outcome(condition, place);
        SEEN.merge(outcome, 1, Integer::sum);
        List<Remark> remarks = FilterCheck.remarks(condition, place, "'t'");
        assertThat(remarks.stream().anyMatch(Remark::isError)).isEqualTo(outcome == Outcome.NEVER);
        for (Event event : events) {
            Boolean holds = holds(condition, event);
            if (outcome == Outcome.NEVER) {
                assertThat(holds)
                        .as("never: %s of %s for %s %s", condition, schema, event, event.dataAsJson())
                        .isNotEqualTo(true);
            } else if (outcome == Outcome.ALWAYS) {
                assertThat(holds)
                        .as("always: %s of %s for %s %s", condition, schema, event, event.dataAsJson())
                        .isEqualTo(true);
            }
            for (Remark remark : remarks) {
                boolean isOfPath = remark.message().contains(" can have ");
                if (isOfPath && !remark.message().contains("outside of an array")) {
                    assertThat(FilterTestPaths.isThere(event, remark.names()))
                            .as("%s of %s for %s", remark, schema, event.dataAsJson())
                            .isFalse();
                }
            }
        }
    }

    private static @Nullable Boolean holds(Condition condition, Event event) {
        try {
            return Evaluation.holds(condition, new TreeView(event));
        } catch (Evaluation.Failed e) {
            return null;
        }
    }

    private static Event event(Random random, JsonNode data) {
        Event.Builder event = Event.builder("t").id("e" + random.nextInt(3));
        if (!data.isNull() || random.nextBoolean()) {
            event.data(data);
        }
        if (random.nextBoolean()) {
            event.subject(RandomSchema.TEXTS.get(1 + random.nextInt(RandomSchema.TEXTS.size() - 1)));
        }
        if (random.nextBoolean()) {
            event.extension("tenant", RandomSchema.TEXTS.get(1 + random.nextInt(RandomSchema.TEXTS.size() - 1)));
        }
        switch (random.nextInt(4)) {
            case 0 -> event.extension("n", random.nextInt(10));
            case 1 -> event.extension("n", random.nextBoolean());
            case 2 -> event.extension("n", Integer.toString(random.nextInt(10)));
            default -> {}
        }
        return event.build();
    }

    @AfterContainer
    static void toldSomethingOfMany() {
        assertThat(SEEN.getOrDefault(Outcome.NEVER, 0)).isGreaterThan(SEEN.getOrDefault(Outcome.DEPENDS, 0) / 20);
        assertThat(SEEN.getOrDefault(Outcome.ALWAYS, 0)).isPositive();
        System.getLogger(NoFalseAlarmTest.class.getName()).log(System.Logger.Level.DEBUG, SEEN.toString());
    }
}

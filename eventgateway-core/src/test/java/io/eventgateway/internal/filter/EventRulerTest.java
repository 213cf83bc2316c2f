package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.Filter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.event.ruler.Machine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Patterns against Amazon's own implementation of them, over random patterns and data and over real webhooks. */
class EventRulerTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long FIXED_SEED = 20_261_124;
    private static final int PATTERNS = 40;
    private static final int EVENTS = 40;
    private static final int ROUNDS = 120;
    private static final int WEBHOOK_ROUNDS = 30;

    @Test
    void agreesWithEventRulerOnGeneratedPatternsAndEvents() throws Exception {
        Verdicts verdicts = new Verdicts();
        compareGenerated(FIXED_SEED, verdicts);
        compareWebhooks(FIXED_SEED, verdicts);
        assertThat(verdicts.pairs).isGreaterThanOrEqualTo(200_000);
        verdicts.check();
    }

    @Test
    void agreesWithEventRulerWithAFreshSeed() throws Exception {
        long seed = new Random().nextLong();
        Verdicts verdicts = new Verdicts();
        verdicts.seed = seed;
        compareGenerated(seed, verdicts);
        compareWebhooks(seed, verdicts);
        verdicts.check();
    }

    private static final class Verdicts {
        private long seed = FIXED_SEED;
        private int pairs;
        private int matches;
        /** How often event-ruler contradicts what it says of the pattern's alternatives one by one. */
        private int contradictions;

        void check() {
            assertThat(matches).as("matches are common, seed " + seed).isGreaterThan(pairs / 20);
            assertThat(contradictions).as("contradictions, seed " + seed).isLessThan(pairs / 200);
        }
    }

    private static void compareGenerated(long seed, Verdicts verdicts) throws Exception {
        Corpus corpus = new Corpus(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<JsonNode> patterns = new ArrayList<>();
            for (int i = 0; i < PATTERNS; i++) {
                ObjectNode pattern = JSON.createObjectNode();
                pattern.set("data", corpus.pattern());
                patterns.add(pattern);
            }
            List<JsonNode> data = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                data.add(corpus.data());
            }
            compare(patterns, data, verdicts);
        }
    }

    private static void compareWebhooks(long seed, Verdicts verdicts) throws Exception {
        Corpus corpus = new Corpus(seed);
        List<JsonNode> webhooks = webhooks();
        Random random = new Random(seed);
        for (int round = 0; round < WEBHOOK_ROUNDS; round++) {
            List<JsonNode> data = new ArrayList<>();
            List<JsonNode> patterns = new ArrayList<>();
            for (int i = 0; i < PATTERNS; i++) {
                data.add(webhooks.get(random.nextInt(webhooks.size())));
                ObjectNode pattern = JSON.createObjectNode();
                pattern.set("data", corpus.patternOf(data.get(random.nextInt(data.size()))));
                patterns.add(pattern);
            }
            compare(patterns, data, verdicts);
        }
    }

    /** All patterns against all data: by event-ruler, one by one, by the index over trees, and by the index over bytes. */
    private static void compare(List<JsonNode> patterns, List<JsonNode> data, Verdicts verdicts) throws Exception {
        List<Oracle> oracles = new ArrayList<>();
        FilterIndex<Integer> index = new FilterIndex<>();
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            Condition condition = Filters.pattern(patterns.get(i).toString()).condition();
            oracles.add(new Oracle((ObjectNode) patterns.get(i)));
            conditions.add(condition);
            index.put(Integer.toString(i), i, condition);
        }
        for (JsonNode each : data) {
            Event parsed = Event.builder("t").data(each).build();
            Event bytes = Event.builder("t")
                    .data("application/json", each.toString().getBytes(StandardCharsets.UTF_8))
                    .build();
            String json = parsed.toJson().toString();
            Set<Integer> expected = new HashSet<>();
            Set<Integer> naive = new HashSet<>();
            for (int i = 0; i < conditions.size(); i++) {
                boolean ours = Evaluation.holds(conditions.get(i), new TreeView(parsed));
                boolean theirs = oracles.get(i).matches(json);
                if (ours != theirs && oracles.get(i).matchesByAlternatives(json) == ours) {
                    verdicts.contradictions++;
                    theirs = ours;
                }
                if (ours) {
                    naive.add(i);
                }
                if (theirs) {
                    expected.add(i);
                }
            }
            assertSame(naive, expected, "one by one", patterns, each, verdicts.seed);
            assertSame(matched(index, parsed), expected, "by the index, of a tree", patterns, each, verdicts.seed);
            assertSame(matched(index, bytes), expected, "by the index, of bytes", patterns, each, verdicts.seed);
            verdicts.pairs += patterns.size();
            verdicts.matches += expected.size();
        }
    }

    /**
     * event-ruler's verdict on one pattern.
     *
     * <p>Alternatives get in each other's way in event-ruler: an anything-but beside a wildcard, or a path that may be absent or
     * have a value, can turn the verdict over, or fail an assertion while the pattern is compiled. A pattern means the same as its
     * alternatives one by one, so event-ruler is asked for those where it does not agree with us at first.
     */
    private static final class Oracle {
        private final ObjectNode pattern;
        private final @Nullable Machine whole;
        private @Nullable List<Machine> alternatives;

        Oracle(ObjectNode pattern) throws Exception {
            this.pattern = pattern;
            this.whole = machine(pattern);
        }

        private static @Nullable Machine machine(JsonNode pattern) throws Exception {
            Machine machine = Machine.builder().build();
            try {
                machine.addRule("rule", pattern.toString());
                return machine;
            } catch (AssertionError e) {
                return null;
            }
        }

        boolean matches(String json) throws Exception {
            return whole == null
                    ? matchesByAlternatives(json)
                    : !whole.rulesForJSONEvent(json).isEmpty();
        }

        boolean matchesByAlternatives(String json) throws Exception {
            List<Machine> all = alternatives;
            if (all == null) {
                all = new ArrayList<>();
                for (JsonNode alternative : alternatives(pattern)) {
                    all.add(Objects.requireNonNull(machine(alternative)));
                }
                alternatives = all;
            }
            for (Machine machine : all) {
                if (!machine.rulesForJSONEvent(json).isEmpty()) {
                    return true;
                }
            }
            return false;
        }

        /** Patterns without $or and with one value for each path, one of which has to match. */
        private static List<ObjectNode> alternatives(ObjectNode pattern) {
            List<ObjectNode> all = List.of(JSON.createObjectNode());
            for (Map.Entry<String, JsonNode> member : pattern.properties()) {
                List<ObjectNode> ways = new ArrayList<>();
                for (JsonNode each : member.getValue().isArray() ? member.getValue() : List.of(member.getValue())) {
                    if (member.getKey().equals("$or")) {
                        ways.addAll(alternatives((ObjectNode) each));
                    } else if (member.getValue().isArray()) {
                        ObjectNode way = JSON.createObjectNode();
                        way.putArray(member.getKey()).add(each);
                        ways.add(way);
                    } else {
                        for (ObjectNode below : alternatives((ObjectNode) each)) {
                            ObjectNode way = JSON.createObjectNode();
                            way.set(member.getKey(), below);
                            ways.add(way);
                        }
                    }
                }
                List<ObjectNode> longer = new ArrayList<>();
                for (ObjectNode before : all) {
                    for (ObjectNode way : ways) {
                        longer.add(merged(before, way));
                    }
                }
                all = longer;
            }
            return all;
        }

        private static ObjectNode merged(ObjectNode one, ObjectNode other) {
            ObjectNode both = one.deepCopy();
            for (Map.Entry<String, JsonNode> member : other.properties()) {
                JsonNode known = both.get(member.getKey());
                both.set(
                        member.getKey(),
                        known == null ? member.getValue() : merged((ObjectNode) known, (ObjectNode) member.getValue()));
            }
            return both;
        }
    }

    private static Set<Integer> matched(FilterIndex<Integer> index, Event event) {
        List<Integer> found = new ArrayList<>();
        index.match(event, found);
        assertThat(found).doesNotHaveDuplicates().isSorted();
        return new HashSet<>(found);
    }

    private static void assertSame(
            Set<Integer> ours, Set<Integer> theirs, String how, List<JsonNode> patterns, JsonNode data, long seed) {
        if (ours.equals(theirs)) {
            return;
        }
        Set<Integer> different = new HashSet<>(ours);
        different.addAll(theirs);
        different.removeIf(i -> ours.contains(i) == theirs.contains(i));
        int first = different.iterator().next();
        throw new AssertionError(how + ", seed " + seed + ": pattern " + patterns.get(first) + " of " + data
                + (theirs.contains(first) ? " matches" : " does not match") + " by event-ruler, and does not so by us");
    }

    private static List<JsonNode> webhooks() throws IOException {
        List<JsonNode> webhooks = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(
                        EventRulerTest.class.getResourceAsStream("/webhooks/github-webhooks.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                webhooks.add(JSON.readTree(line).get("payload"));
            }
        }
        return webhooks;
    }

    private static boolean ruler(String pattern, String data) throws Exception {
        Machine machine = Machine.builder().build();
        machine.addRule("r", pattern);
        return !machine.rulesForJSONEvent("{\"data\":" + data + "}").isEmpty();
    }

    private static boolean ours(String pattern, String data) {
        Event event = Event.builder("t")
                .data("application/json", data.getBytes(StandardCharsets.UTF_8))
                .build();
        return Evaluation.holds(Filters.pattern(pattern).condition(), new TreeView(event));
    }

    /**
     * Where we differ on purpose. event-ruler joins the names on a path by dots, so that a member "a.b" is the same as b in a;
     * we take a member's name as it is. It looks addresses up among the texts of all values, so that a short block has a number
     * or an address of the other version in it. And it compares numbers as binary floating point where they are such exactly, and as
     * texts where they are not.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"data\":{\"a.b\":[1]}}             | {\"a\":{\"b\":1}}            | true  | false",
                "{\"data\":{\"a\":{\"b\":[1]}}}       | {\"a.b\":1}                  | true  | false",
                "{\"data\":{\"a\":[{\"cidr\":\"0.0.0.0/0\"}]}} | {\"a\":1}           | true  | false",
                "{\"data\":{\"a\":[{\"cidr\":\"0.0.0.0/0\"}]}} | {\"a\":\"2001:db8::1\"} | true | false",
                "{\"data\":{\"a\":[9007199254740993]}} | {\"a\":9007199254740993.0}  | false | true",
                "{\"data\":{\"a\":[0.1]}}             | {\"a\":1000000000000000000001e-22} | false | false",
            })
    void differsFromEventRulerOnPurpose(String pattern, String data, boolean theirs, boolean ours) throws Exception {
        assertThat(ruler(pattern, data)).as("event-ruler").isEqualTo(theirs);
        assertThat(ours(pattern, data)).as("we").isEqualTo(ours);
    }

    /**
     * Letters without case, where they are not as simple as "a" and "A". event-ruler takes the lower and the upper case of each
     * letter that is written in the pattern, which may be several letters, and compares the event's letters with these. We compare
     * letter by letter as {@link String#equalsIgnoreCase} does, so that it does not matter which side has which case, one letter
     * stays one letter, and all languages and the index agree.
     */
    @ParameterizedTest
    @CsvSource({
        "é,      É,       true,  true",
        "ⱥ,      Ⱥ,       true,  true",
        "ა,      Ა,       true,  true",
        "σ,      Σ,       true,  true",
        "ς,      Σ,       true,  true",
        "Σ,      ς,       false, true",
        "ß,      ẞ,       false, true",
        "ẞ,      ß,       true,  true",
        "straße, STRASSE, true,  false",
        "STRASSE, straße, false, false",
        "ﬁ,      FI,      true,  false",
        "k,      \u212A,  false, true",
        "\u212A, k,       true,  true",
        "i,      İ,       false, true",
        "ı,      I,       true,  true",
        "I,      ı,       false, true",
        "µ,      μ,       false, true",
    })
    void foldsLettersOutsideOfAsciiOneByOne(String wanted, String seen, boolean theirs, boolean ours) throws Exception {
        for (String operator : List.of(
                "{\"equals-ignore-case\":\"%s\"}",
                "{\"prefix\":{\"equals-ignore-case\":\"%s\"}}", "{\"suffix\":{\"equals-ignore-case\":\"%s\"}}")) {
            String pattern = "{\"data\":{\"a\":[" + operator.formatted(wanted) + "]}}";
            String data = "{\"a\":\"" + seen + "\"}";
            assertThat(ruler(pattern, data)).as("event-ruler, %s", pattern).isEqualTo(theirs);
            assertThat(ours(pattern, data)).as("we, %s", pattern).isEqualTo(ours);
        }
        String pattern = "{\"data\":{\"a\":[{\"anything-but\":{\"equals-ignore-case\":\"" + wanted + "\"}}]}}";
        assertThat(ruler(pattern, "{\"a\":\"" + seen + "\"}")).isEqualTo(!theirs);
        assertThat(ours(pattern, "{\"a\":\"" + seen + "\"}")).isEqualTo(!ours);
    }

    /** With names that are written out, we join them as event-ruler does in patterns, and take those of events as they are. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"data.a.b\":[1]}               | {\"a\":{\"b\":1}}        | true",
                "{\"data\":{\"a.b\":[1]}}       | {\"a\":{\"b\":1}}        | true",
                "{\"data\":{\"a.b\":[1]}}       | {\"a\":{\"b\":2}}        | false",
                "{\"data.a\":{\"b\":[1],\"c\":[2]}} | {\"a\":[{\"b\":1},{\"c\":2}]} | false",
                "{\"data.a.b\":[1],\"data.a.c\":[2]} | {\"a\":[{\"b\":1,\"c\":2}]} | true",
                "{\"$or\":[{\"data.a\":[1]},{\"data.b\":[2]}]} | {\"b\":2}       | true",
            })
    void decidesAsEventRulerDoesOnNamesWithDotsThatAreWrittenOut(String pattern, String data, boolean expected)
            throws Exception {
        assertThat(ruler(pattern, data)).as("event-ruler").isEqualTo(expected);
        Event event = Event.builder("t")
                .data("application/json", data.getBytes(StandardCharsets.UTF_8))
                .build();
        assertThat(Evaluation.holds(Filters.patternOfNestedNames(pattern).condition(), new TreeView(event)))
                .as("we")
                .isEqualTo(expected);
    }

    /** event-ruler takes the last condition of a path and forgets the others; we refuse, since none should be forgotten. */
    @ParameterizedTest
    @ValueSource(strings = "{\"a\":[1],\"$or\":[{\"a\":[2]},{\"b\":[3]}]}")
    void refusesAPathThatIsNamedTwice(String pattern) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Filter.pattern(pattern))
                .isInstanceOf(io.eventgateway.error.InvalidFilterException.class)
                .hasMessageContaining("'a' for the second time");
    }
}

package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;

/** Lists of values that are looked up decide as trying each of them does. */
class ValueSetTest {
    private static String text(Random random) {
        String letters = "abAB\uD801\uDC00\uD801\uDC28ß";
        int length = random.nextInt(4);
        return random.ints(length, 0, letters.codePointCount(0, letters.length()))
                .mapToObj(i -> new String(Character.toChars(letters.codePointAt(letters.offsetByCodePoints(0, i)))))
                .collect(Collectors.joining());
    }

    private static ValueTest test(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Texts.of(text(random));
            case 1 -> new IgnoringCase(text(random));
            case 2 -> new Prefix(text(random), random.nextBoolean());
            case 3 -> new Suffix(text(random), random.nextBoolean());
            default -> Range.equalTo(Num.of(new BigDecimal(random.nextInt(5)).movePointLeft(random.nextInt(2))));
        };
    }

    private static Object value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> IntNode.valueOf(random.nextInt(5));
            case 1 -> DecimalNode.valueOf(new BigDecimal(random.nextInt(50)).movePointLeft(1));
            case 2 -> DoubleNode.valueOf(random.nextInt(5));
            default -> text(random);
        };
    }

    @Property(tries = 500)
    void decidesAsEachOfTheTests(@ForAll long seed) {
        Random random = new Random(seed);
        List<ValueTest> tests = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            tests.add(test(random));
        }
        for (int i = 0; i < 20; i++) {
            Object value = value(random);
            boolean one = tests.stream().anyMatch(each -> each.test(value));
            assertThat(new Either(tests).test(value))
                    .as("%s of %s", value, tests)
                    .isEqualTo(one);
            assertThat(new AnythingBut(tests).test(value))
                    .as("%s of %s", value, tests)
                    .isEqualTo(!one);
        }
    }

    @Property(tries = 500)
    void textsWithTheSameFoldingAreTheSameWithoutCase(@ForAll long seed) {
        Random random = new Random(seed);
        String one = text(random);
        String other = text(random);
        assertThat(Letters.folded(one).equals(Letters.folded(other))).isEqualTo(one.equalsIgnoreCase(other));
    }

    /** Letters of Deseret, which are beyond the basic plane, have a case. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"subject\":[{\"equals-ignore-case\":\"\uD801\uDC00\"}]}",
                "{\"subject\":[{\"prefix\":{\"equals-ignore-case\":\"\uD801\uDC00\"}}]}",
                "{\"subject\":[{\"suffix\":{\"equals-ignore-case\":\"\uD801\uDC00\"}}]}",
            })
    void explanationAndIndexAgreeOnLettersBeyondTheBasicPlane(String pattern) {
        Condition condition = Filters.pattern(pattern).condition();
        Event event = Event.builder("t").subject("\uD801\uDC28").build();
        FilterIndex<String> index = new FilterIndex<>();
        index.put("s", "s", condition);
        List<String> matched = new ArrayList<>();
        index.match(event, matched);
        assertThat(matched).hasSize(1);
        assertThat(Explainer.explain(condition, event).matched()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"anything-but\":"})
    @Timeout(20)
    void aLongListAgainstAWideArrayTakesTheTimeOfBoth(String operator) {
        String numbers = IntStream.range(0, 9_000).mapToObj(i -> i + ".5").collect(Collectors.joining(","));
        String list = operator.isEmpty() ? "[" + numbers + "]" : "[" + operator + "[" + numbers + "]}]";
        Condition condition = Filters.pattern("{\"data\":{\"n\":" + list + "}}").condition();
        String array = IntStream.range(0, 300_000)
                .mapToObj(i -> operator.isEmpty() ? Integer.toString(i) : i % 9_000 + ".5")
                .collect(Collectors.joining(",", "{\"n\":[", "]}"));
        Event event = Event.of("t", JsonMapper.shared().readTree(array));
        FilterIndex<String> index = new FilterIndex<>();
        index.put("s", "s", condition);
        List<String> matched = new ArrayList<>();
        index.match(event, matched);
        assertThat(matched).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "", "it's", "a b", "[0]"})
    void aNameWithAMeaningIsPrintedSoThatItIsOneName(String name) {
        assertThat(Path.of("data", name).toString())
                .startsWith("data['")
                .endsWith("']")
                .isNotEqualTo("data." + name);
    }

    @Test
    void anOrdinaryPathIsPrintedWithDots() {
        assertThat(Path.of("data", "items", "größe-1_x")).hasToString("data.items.größe-1_x");
        assertThat(Path.of("data", "a.b", "c")).hasToString("data['a.b'].c");
    }
}

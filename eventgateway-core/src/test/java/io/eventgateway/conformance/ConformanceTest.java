package io.eventgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Filters and transforms against the suites of others and our own: every case is decided as its suite expects, or is listed with
 * what we do and why. {@code docs/conformance.md} has the counts.
 */
class ConformanceTest {
    /** The system property that makes the test write the page instead of comparing it. */
    private static final String WRITE_PROPERTY = "conformance.write";

    private static final List<Difference> JUSTIFIED = Difference.read("differences.jsonl");
    private static final Map<String, String> JUSTIFIED_REASONS = Difference.readReasons("differences-reasons.jsonl");

    private static final Map<Suite, List<Decision>> DECISIONS = new EnumMap<>(Suite.class);

    @BeforeAll
    static void decide() {
        presentSuites()
                .forEach(suite -> DECISIONS.put(
                        suite,
                        suite.isOfTransforms()
                                ? TransformRunner.decide(suite.cases())
                                : FilterRunner.decide(suite.cases())));
    }

    static Stream<Suite> presentSuites() {
        return Stream.of(Suite.values()).filter(Suite::isPresent);
    }

    private static List<Decision> decisions(Suite suite) {
        return DECISIONS.getOrDefault(suite, List.of());
    }

    @ParameterizedTest
    @MethodSource("presentSuites")
    void decidesEveryCaseAsExpectedOrAsListed(Suite suite) {
        assertThat(decisions(suite)).isNotEmpty();
        assertThat(decisions(suite).stream()
                        .filter(decision ->
                                !decision.passed() && JUSTIFIED.stream().noneMatch(each -> each.isOf(decision)))
                        .map(Difference::unexplained))
                .as("cases that differ and are not listed")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("presentSuites")
    void everyListedDifferenceIsOne(Suite suite) {
        assertThat(JUSTIFIED.stream()
                        .filter(each -> each.suite().equals(suite.fileName()))
                        .filter(each -> decisions(suite).stream().noneMatch(each::isOf)))
                .as("lines of differences that are no longer there, or are other ones")
                .isEmpty();
    }

    @Test
    void everyDifferenceHasOneReasonAndEveryReasonADifference() {
        assertThat(reasons(JUSTIFIED)).isEqualTo(JUSTIFIED_REASONS.keySet());
        assertThat(JUSTIFIED.stream().map(each -> each.suite() + each.source() + each.occurrence()))
                .doesNotHaveDuplicates();
    }

    private static Set<String> reasons(List<Difference> differences) {
        return differences.stream().map(Difference::reason).collect(Collectors.toSet());
    }

    @Test
    void theCopiesOfOurSuitesAreWhatTheFolderHas() {
        Stream.of(Suite.values())
                .filter(suite -> suite.isOurs() && Suite.foreignSuitesArePresent())
                .forEach(suite -> assertThat(suite.ownLines()).isEqualTo(suite.sharedLines()));
    }

    @Test
    void thePageSaysWhatTheSuitesGive() throws IOException {
        Page page = new Page(DECISIONS, JUSTIFIED, JUSTIFIED_REASONS);
        if (!Suite.foreignSuitesArePresent()) {
            DECISIONS.keySet().forEach(suite -> assertThat(Page.FILE).content().contains(page.row(suite)));
        } else if (Boolean.getBoolean(WRITE_PROPERTY)) {
            Files.writeString(Page.FILE, page.render());
        } else if (!Files.exists(Page.FILE) || !Files.readString(Page.FILE).equals(page.render())) {
            fail("docs/conformance.md is not what the suites give; run with -D%s=true to update", WRITE_PROPERTY);
        }
    }
}

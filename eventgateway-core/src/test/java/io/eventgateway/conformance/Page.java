package io.eventgateway.conformance;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The page that says how many cases of each suite we decide as they expect, and why not the others. */
final class Page {
    static final Path FILE = Path.of("..", "docs", "conformance.md");

    private static final int LONGEST_EXAMPLE = 140;

    /** What {@code CloudEventsBindingTest} and {@code HttpInvokerTest} hold. */
    private static final String HTTP_BINDING = """
            ## CloudEvents over HTTP

            Where an attribute is in a request, by mode of CloudEvents' HTTP protocol binding 1.0.2. The [`http` function type](invokers.md) sends all three modes, and `HttpRequest.toEvents()` [receives](http.md#events-from-a-request) them.
            `CloudEventsBindingTest` reads what the CloudEvents SDK for Java 4.0.1 writes, with the percent-encoding of section 3.1.3.2, which that SDK leaves to its caller. `HttpConformanceTest` has that SDK read what the `http` function type sends.

            | attribute | binary | structured | batched | received |
            |---|---|---|---|---|
            | `specversion` | `ce-specversion` | member | member of each event | must be `1.0` |
            | `id`, `source`, `type` | `ce-id`, `ce-source`, `ce-type` | members | members of each event | required |
            | `subject` | `ce-subject` | member | member of each event | unquoted and percent-decoded once, as all `ce-` headers |
            | `time` | `ce-time` | member | member of each event | RFC 3339, with the fraction as it is written |
            | `dataschema` | `ce-dataschema` | member | member of each event | an absolute URI |
            | `datacontenttype` | `Content-Type` | member | member of each event | `ce-datacontenttype` is refused; data without a `Content-Type` is `application/octet-stream` |
            | extensions | `ce-` and the name | members | members of each event | texts in binary mode; texts, booleans and integers else |
            | data | body | `data` or `data_base64` | `data` or `data_base64` | an empty body is no data |

            A header that comes twice, a percent sign without two digits, bytes that are not UTF-8, version 0.3, and a format other than JSON are refused.
            """;

    private final Map<Suite, List<Decision>> decisions;
    private final List<Difference> differences;
    private final Map<String, String> reasons;

    Page(Map<Suite, List<Decision>> decisions, List<Difference> differences, Map<String, String> reasons) {
        this.decisions = decisions;
        this.differences = differences;
        this.reasons = reasons;
    }

    /** The whole page, for which the decisions of all suites are needed. */
    String render() {
        StringBuilder out = new StringBuilder("""
                # Conformance

                How filters and transforms decide the cases of suites that others wrote, and of those that we wrote after the rules and
                examples of a documentation. Every case goes through the public API: a gateway delivers the case's event, and what reaches a
                function is what counts. The filters of several cases are subscribed together, and `explain` has to say the same of each of them as the
                delivery of each event.

                This page is written by `ConformanceTest`, which fails when a case is decided otherwise than it says.

                | language | cases | passes | justified differences |
                |---|--:|--:|--:|
                """);
        languages().forEach((language, suites) -> out.append(cells(language, counts(suites))));
        out.append("""

                | language | suite | source | commit | licence | cases | passes | justified differences |
                |---|---|---|---|---|--:|--:|--:|
                """);
        decisions.keySet().forEach(suite -> out.append(row(suite)));
        out.append("""

                ## Justified differences

                Each has its line in [`differences.jsonl`](../eventgateway-core/src/test/resources/conformance/differences.jsonl), with what
                we do and a reason. A line that is no longer true fails the test, as does a reason without a line.
                """);
        languages().forEach((language, suites) -> appendReasons(out, language, suites));
        out.append("\n").append(HTTP_BINDING).append("""

                ## The suites

                A suite is a file of JSON lines: a filter or transform, an event, what should come of them, and where that is from. The
                suites that are ours are in `eventgateway-core/src/test/resources/conformance`. Those of others are not copied into this
                project: the test reads them from `../shared/suites` beside it, or from the folder that the system property
                `conformance.suites` names, and does without them where there is none. A JSONata case runs as `data.(expression)`, with the
                suite's input as the event's data. The reference implementation that reasons speak of is jsonata-js 2.2.2, which was asked
                for each of their cases.

                ```sh
                mvn test -pl eventgateway-core -Dtest=ConformanceTest -Dconformance.suites=/path/to/suites
                mvn test -pl eventgateway-core -Dtest=ConformanceTest -Dconformance.write=true   # writes this page
                ```
                """);
        return out.toString();
    }

    /** The line of the table that counts one suite. */
    String row(Suite suite) {
        return cells(
                String.join(" | ", suite.language(), suite.fileName(), suite.origin(), suite.commit(), suite.licence()),
                counts(Set.of(suite)));
    }

    private static String cells(String first, long[] counts) {
        return "| " + first + " | " + counts[0] + " | " + counts[1] + " | " + counts[2] + " |\n";
    }

    /** How many cases some suites have, how many of them pass, and how many differ for a reason. */
    private long[] counts(Set<Suite> suites) {
        List<Decision> all =
                suites.stream().flatMap(suite -> decisions(suite).stream()).toList();
        return new long[] {
            all.size(),
            all.stream().filter(Decision::passed).count(),
            differences.stream()
                    .filter(each -> suites.contains(Suite.named(each.suite())))
                    .count()
        };
    }

    private List<Decision> decisions(Suite suite) {
        return decisions.getOrDefault(suite, List.of());
    }

    private Map<String, Set<Suite>> languages() {
        Map<String, Set<Suite>> languages = new LinkedHashMap<>();
        decisions.keySet().forEach(suite -> languages
                .computeIfAbsent(suite.language(), language -> new LinkedHashSet<>())
                .add(suite));
        return languages;
    }

    private void appendReasons(StringBuilder out, String language, Set<Suite> suites) {
        StringBuilder list = new StringBuilder();
        reasons.forEach((id, why) -> {
            List<Decision> cases = differences.stream()
                    .filter(each -> each.reason().equals(id) && suites.contains(Suite.named(each.suite())))
                    .flatMap(this::decision)
                    .toList();
            if (!cases.isEmpty()) {
                list.append("* **").append(cases.size()).append(cases.size() == 1 ? " case.** " : " cases.** ");
                list.append(why).append("\n  ").append(example(cases)).append('\n');
            }
        });
        if (!list.isEmpty()) {
            out.append("\n### ").append(language).append("\n\n").append(list);
        }
    }

    private Stream<Decision> decision(Difference difference) {
        return decisions(Suite.named(difference.suite())).stream().filter(difference::isOf);
    }

    /** The case with the shortest text. */
    private static String example(List<Decision> cases) {
        Decision shortest = cases.stream()
                .min(Comparator.comparing(each -> each.of().written().length()))
                .orElseThrow();
        Case of = shortest.of();
        return "Example: " + code(of.written()) + ", expected " + code(String.valueOf(of.expected())) + ", ours "
                + code(shortest.ours()) + ".";
    }

    private static String code(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        String shown = line.length() > LONGEST_EXAMPLE ? line.substring(0, LONGEST_EXAMPLE) + "…" : line;
        return shown.contains("`") ? "`` " + shown + " ``" : "`" + shown + "`";
    }
}

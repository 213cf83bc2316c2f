package io.eventgateway.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A case that we decide otherwise than its suite, as a line of a resource says.
 *
 * @param suite the file name of the suite
 * @param source the case's source
 * @param occurrence its number among the cases of that source, from 1
 * @param ours what we decide, cut to {@value #LONGEST} characters
 * @param reason the id of the reason why
 */
record Difference(String suite, String source, int occurrence, String ours, String reason) {
    private static final int LONGEST = 120;

    /** What a case is that nobody has given a reason for. */
    static Difference unexplained(Decision decision) {
        return of(decision, "?");
    }

    private static Difference of(Decision decision, String reason) {
        Case of = decision.of();
        String ours = decision.ours();
        return new Difference(
                of.suite().fileName(),
                of.source(),
                of.occurrence(),
                ours.length() > LONGEST ? ours.substring(0, LONGEST) + "…" : ours,
                reason);
    }

    /** Returns whether it is what a decision that did not pass differs in. */
    boolean isOf(Decision decision) {
        return !decision.passed() && equals(of(decision, reason));
    }

    /** The differences that a resource lists, in its order. */
    static List<Difference> read(String resource) {
        return lines(resource).stream()
                .map(line -> new Difference(
                        line.get("suite").stringValue(),
                        line.get("source").stringValue(),
                        line.get("case").intValue(),
                        line.get("ours").stringValue(),
                        line.get("reason").stringValue()))
                .toList();
    }

    /** Sentences that say why, by the ids of reasons, in the order of the resource. */
    static Map<String, String> readReasons(String resource) {
        Map<String, String> reasons = new LinkedHashMap<>();
        lines(resource)
                .forEach(line -> reasons.put(
                        line.get("id").stringValue(), line.get("why").stringValue()));
        return reasons;
    }

    private static List<JsonNode> lines(String resource) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Difference.class.getResourceAsStream("/conformance/" + resource), resource),
                StandardCharsets.UTF_8))) {
            return reader.lines().map(Json::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line of a resource that lists it. */
    @Override
    public String toString() {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("suite", suite).put("source", source).put("case", occurrence);
        line.put("ours", ours).put("reason", reason);
        return line.toString();
    }
}

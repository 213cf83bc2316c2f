package io.eventgateway.benchmarks.filter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real webhooks of about 10 KB, and patterns of mixed kinds on them. */
final class Samples {
    private static final int SMALLEST = 9_000;
    private static final int LARGEST = 12_000;
    private static final int MOST = 16;

    private Samples() {}

    /** The JSON texts of payloads. */
    static List<String> payloads() {
        List<String> payloads = new ArrayList<>();
        try (InputStream resource = Objects.requireNonNull(
                        Samples.class.getResourceAsStream("/webhooks/github-webhooks.jsonl.gz"));
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && payloads.size() < MOST; line = lines.readLine()) {
                JsonNode payload = JsonMapper.shared().readTree(line).path("payload");
                String text = payload.toString();
                if (text.length() >= SMALLEST && text.length() <= LARGEST) {
                    payloads.add(text);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return payloads;
    }

    /** Patterns on {@code data}, of ten kinds in turn. The first of each kind may match; of a thousand of a kind, few do. */
    static List<String> patterns(int count) {
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            patterns.add("{\"data\":" + pattern(i) + "}");
        }
        return patterns;
    }

    private static String pattern(int i) {
        return switch (i % 10) {
            case 0 -> "{\"repository\":{\"full_name\":[\"org-" + i + "/repository-" + i + "\"]}}";
            case 1 -> "{\"sender\":{\"login\":[{\"prefix\":\"user-" + i + "-\"}]},\"action\":[\"opened\"]}";
            case 2 ->
                "{\"repository\":{\"id\":[{\"numeric\":[\">\"," + (4_000_000_000L + i * 10L) + ",\"<=\","
                        + (4_000_000_000L + i * 10L + 5) + "]}]}}";
            case 3 -> "{\"repository\":{\"default_branch\":[{\"suffix\":\"-release-" + i + "\"}]}}";
            case 4 ->
                "{\"repository\":{\"id\":[" + (3_000_000_000L + i)
                        + "],\"private\":[false]},\"sender\":{\"type\":[\"User\"]}}";
            case 5 ->
                "{\"action\":[{\"anything-but\":[\"deleted\"]}],\"organization\":{\"login\":[\"organization-" + i
                        + "\"]}}";
            case 6 ->
                "{\"sender\":{\"login\":[\"first-" + i + "\",\"second-" + i + "\"]},\"repository\":{\"fork\":[false]}}";
            case 7 -> "{\"repository\":{\"html_url\":[{\"wildcard\":\"https://github.com/org-" + i + "/*\"}]}}";
            case 8 ->
                "{\"issue\":{\"labels\":{\"name\":[\"label-" + i + "\"]}},\"sender\":{\"type\":[{\"exists\":true}]}}";
            default -> "{\"repository\":{\"owner\":{\"login\":[{\"equals-ignore-case\":\"OWNER-" + i + "\"}]}}}";
        };
    }
}

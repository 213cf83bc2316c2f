package io.eventgateway.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What one run of the command has measured, and where. Not thread-safe. */
final class Run {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Environment environment;
    private final Map<String, Result> results = new TreeMap<>();
    private final Map<String, String> failures = new TreeMap<>();
    private final Map<String, Double> seconds = new TreeMap<>();

    Run(Environment environment) {
        this.environment = environment;
    }

    Environment environment() {
        return environment;
    }

    /** Returns the results by the keys of their sources. */
    Map<String, Result> results() {
        return results;
    }

    /** Returns why something was not measured, by the keys of the sources. */
    Map<String, String> failures() {
        return failures;
    }

    /** Returns how many seconds it took to measure a source; 0 where it came with another. */
    double seconds(Source source) {
        return seconds.getOrDefault(source.key(), 0.0);
    }

    double seconds() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    boolean has(Source source) {
        return results.containsKey(source.key());
    }

    void measured(Source source, Result result) {
        results.put(source.key(), result);
    }

    void failed(Source source, String why) {
        failures.put(source.key(), why);
    }

    void took(Source source, double time) {
        seconds.merge(source.key(), time, Double::sum);
    }

    void save(Path file) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        environment.write(root.putObject("environment"));
        ObjectNode measured = root.putObject("results");
        results.forEach((key, result) -> measured.putObject(key)
                .put("value", result.value())
                .put("error", result.error())
                .put("unit", result.unit()));
        failures.forEach(root.putObject("failures")::put);
        seconds.forEach(root.putObject("seconds")::put);
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /** Reads what {@link #save} wrote. */
    static Run read(Path file) throws IOException {
        JsonNode root = MAPPER.readTree(Files.readString(file));
        if (!root.path("results").isObject()) {
            throw new IllegalArgumentException(file + " is no saved run: it has no 'results'");
        }
        Run run = new Run(Environment.read(root.path("environment")));
        root.path("results")
                .properties()
                .forEach(each -> run.results.put(
                        each.getKey(),
                        new Result(
                                each.getValue().path("value").asDouble(),
                                each.getValue().path("error").asDouble(),
                                each.getValue().path("unit").asString())));
        root.path("failures")
                .properties()
                .forEach(each -> run.failures.put(each.getKey(), each.getValue().asString()));
        root.path("seconds")
                .properties()
                .forEach(each -> run.seconds.put(each.getKey(), each.getValue().asDouble()));
        return run;
    }
}

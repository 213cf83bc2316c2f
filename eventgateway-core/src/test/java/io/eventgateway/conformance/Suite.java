package io.eventgateway.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * A set of cases with one origin. This project's own suites are test resources; those of others are read from a folder beside
 * the project, which may be absent, because they are not copied into it.
 */
enum Suite {
    EVENT_RULER_MATCH(
            "event-ruler-match", "`Filter.pattern`", "aws/event-ruler's tests: verdicts", "337e8d9", "Apache-2.0"),
    EVENT_RULER_COMPILE(
            "event-ruler-compile", "`Filter.pattern`", "aws/event-ruler's tests: patterns", "337e8d9", "Apache-2.0"),
    EVENTBRIDGE_DOCS("eventbridge-docs", "`Filter.pattern`", "EventBridge's user guide"),
    CESQL_TCK("cesql-tck", "`Filter.cesql`", "cloudevents/spec: the CESQL TCK", "c2845a4", "Apache-2.0"),
    DIALECT("dialect", "`Filter.cloudEvents`", "cloudevents/spec: the Subscriptions API", "c2845a4", "Apache-2.0"),
    EVENTGRID_DOCS("eventgrid-docs", "`Filter.eventGrid`", "Event Grid's documentation"),
    EVENTGRID_SIMULATOR(
            "eventgrid-simulator", "`Filter.eventGrid`", "pm7y/AzureEventGridSimulator's tests", "1490d9e", "MIT"),
    TEMPLATE("template", "`Transform.template`", "EventBridge's user guide and API reference"),
    JSONATA("jsonata-raw", "`Transform.jsonata`", "jsonata-js/jsonata's test suite", "6c7e95f", "MIT");

    /** The system property with the folder of the suites that others wrote. */
    static final String FOLDER_PROPERTY = "conformance.suites";

    private static final Path FOLDER = Path.of(System.getProperty(FOLDER_PROPERTY, "../../shared/suites"));

    private final String fileName;
    private final String language;
    private final String origin;
    private final String commit;
    private final String licence;

    /** A suite of this project, written after what an origin says. */
    Suite(String fileName, String language, String origin) {
        this(fileName, language, origin, "", "ours");
    }

    Suite(String fileName, String language, String origin, String commit, String licence) {
        this.fileName = fileName;
        this.language = language;
        this.origin = origin;
        this.commit = commit;
        this.licence = licence;
    }

    String fileName() {
        return fileName;
    }

    String language() {
        return language;
    }

    String origin() {
        return origin;
    }

    String commit() {
        return commit;
    }

    String licence() {
        return licence;
    }

    boolean isOurs() {
        return commit.isEmpty();
    }

    /** Returns whether the suites that others wrote can be read. */
    static boolean foreignSuitesArePresent() {
        return Files.isDirectory(FOLDER);
    }

    boolean isOfTransforms() {
        return this == TEMPLATE || this == JSONATA;
    }

    boolean isPresent() {
        return isOurs() || foreignSuitesArePresent();
    }

    static Suite named(String fileName) {
        for (Suite suite : values()) {
            if (suite.fileName.equals(fileName)) {
                return suite;
            }
        }
        throw new IllegalArgumentException("no suite is named '" + fileName + "'");
    }

    /** The cases, in the order of the file. */
    List<Case> cases() {
        Map<String, Integer> occurrences = new HashMap<>();
        List<Case> cases = new ArrayList<>();
        for (String line : isOurs() ? ownLines() : sharedLines()) {
            JsonNode json = Json.read(line);
            int occurrence = occurrences.merge(json.get("source").stringValue(), 1, Integer::sum);
            cases.add(Case.of(this, occurrence, json));
        }
        return cases;
    }

    /** The lines of the copy among the test resources, which this project's own suites have. */
    List<String> ownLines() {
        return lines(Objects.requireNonNull(
                Suite.class.getResourceAsStream("/conformance/" + fileName + ".jsonl"), fileName));
    }

    /** The lines of the file in the folder beside the project. */
    List<String> sharedLines() {
        try {
            return lines(new GZIPInputStream(Files.newInputStream(FOLDER.resolve(fileName + ".jsonl.gz"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(InputStream in) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

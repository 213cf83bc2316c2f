package io.eventgateway.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the tables of docs/aws.md to what the types take. */
class DocumentedEntriesTest {
    private static final Pattern TYPE = Pattern.compile("\\| `(aws[a-z]+)` \\| ([^|]+) \\|([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`([a-zA-Z]+)`");

    /** A value for each entry. */
    private static final Map<String, Object> VALUES = Map.ofEntries(
            Map.entry("region", "us-east-1"),
            Map.entry("endpoint", "http://localhost:4566"),
            Map.entry("accessKeyId", "${env:ID}"),
            Map.entry("secretAccessKey", "${env:KEY}"),
            Map.entry("sessionToken", "${env:TOKEN}"),
            Map.entry("mode", "data"),
            Map.entry("maxResponseBytes", 1_000),
            Map.entry("responses", "value"),
            Map.entry("stateMachineArn", "arn:aws:states:us-east-1:123456789012:stateMachine:orders"),
            Map.entry("sync", true),
            Map.entry("queueUrl", "https://sqs.us-east-1.amazonaws.com/123456789012/orders.fifo"),
            Map.entry("topicArn", "arn:aws:sns:us-east-1:123456789012:orders.fifo"),
            Map.entry("groupId", List.of("data.user.id", "subject")),
            Map.entry("deduplicationId", List.of("id")),
            Map.entry("streamName", "orders"),
            Map.entry("streamArn", "arn:aws:kinesis:us-east-1:123456789012:stream/orders"),
            Map.entry("partitionKey", List.of("subject")),
            Map.entry("deliveryStreamName", "orders"),
            Map.entry("newline", false),
            Map.entry("eventBusName", "default"));

    private record Documented(List<String> alternatives, Set<String> further) {}

    private static List<String> names(String cell) {
        Matcher name = NAME.matcher(cell);
        List<String> names = new ArrayList<>();
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "aws.md"));
    }

    private static Set<String> common() throws IOException {
        List<String> lines = lines();
        int from = lines.indexOf("| entry | meaning |") + 2;
        return lines.subList(from, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|")[1])
                .flatMap(cell -> names(cell).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Documented> types() throws IOException {
        Map<String, Documented> types = new LinkedHashMap<>();
        for (String line : lines()) {
            Matcher row = TYPE.matcher(line);
            if (row.matches()) {
                types.put(row.group(1), new Documented(names(row.group(2)), new TreeSet<>(names(row.group(3)))));
            }
        }
        return types;
    }

    @Test
    void everyEntryOfThePageIsTakenAndNoOther() throws IOException {
        Map<String, Documented> types = types();
        assertThat(types)
                .containsOnlyKeys(
                        "awsstepfunctions", "awssqs", "awssns", "awskinesis", "awsfirehose", "awseventbridge");
        try (EventGateway gateway = EventGateway.create()) {
            types.forEach((type, documented) -> documented.alternatives().forEach(required -> {
                try {
                    Set<String> entries = new TreeSet<>(common());
                    entries.add(required);
                    entries.addAll(documented.further());
                    Map<String, Object> configuration =
                            entries.stream().collect(Collectors.toMap(name -> name, VALUES::get));
                    gateway.functions().register(FunctionDefinition.of(type + required, type, configuration));
                    assertThatThrownBy(() -> gateway.functions()
                                    .register(FunctionDefinition.of("f", type, configuration)
                                            .with("nosuchentry", 1)))
                            .isInstanceOf(InvalidFunctionException.class)
                            .satisfies(refusal -> assertThat(known(refusal.getMessage()))
                                    .as("the entries that %s knows", type)
                                    .containsExactlyInAnyOrderElementsOf(all(documented, entries)));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
    }

    private static Set<String> all(Documented documented, Set<String> entries) {
        Set<String> all = new TreeSet<>(entries);
        all.addAll(documented.alternatives());
        return all;
    }

    /** The entries that a refusal lists. */
    private static Set<String> known(String message) {
        return new TreeSet<>(List.of(message.substring(message.lastIndexOf('[') + 1, message.lastIndexOf(']'))
                .split(", ")));
    }
}

package io.eventgateway.benchmarks.filter;

import io.eventgateway.Event;
import io.eventgateway.internal.transform.Shaper;
import io.eventgateway.internal.transform.Transforms;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A template over a real webhook of about 10 KB, beside code by hand that takes the same values out of the event and writes the
 * same JSON with Jackson. From data that is parsed already, and from bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class TransformBenchmark {
    /** What the event has its data as. */
    public enum Form {
        TREE,
        BYTES
    }

    /** The form. */
    @Param
    public Form form;

    private final JsonMapper mapper = JsonMapper.shared();
    private final Shaper.Scope scope = new Shaper.Scope("default", "s", "f");
    private final Shaper template = Transforms.template(
            Map.of(
                    "type", "$.type",
                    "action", "$.data.action",
                    "repository", "$.data.repository.full_name",
                    "id", "$.data.repository.id",
                    "private", "$.data.repository.private",
                    "owner", "$.data.repository.owner"),
            "{\"what\":\"<type> <action>\",\"repository\":{\"name\":<repository>,\"id\":<id>,\"private\":<private>},"
                    + "\"owner\":<owner>}");
    private List<String> payloads;
    private byte[][] bytes;
    private JsonNode[] trees;
    private int next;

    @Setup(Level.Trial)
    public void setUp(FilterApplication application) {
        payloads = Samples.payloads();
        bytes = new byte[payloads.size()][];
        trees = new JsonNode[payloads.size()];
        for (int i = 0; i < trees.length; i++) {
            bytes[i] = payloads.get(i).getBytes(StandardCharsets.UTF_8);
            trees[i] = mapper.readTree(bytes[i]);
        }
        for (int i = 0; i < trees.length; i++) {
            JsonNode ours = mapper.readTree(ours());
            next--;
            if (next < 0) {
                next = trees.length - 1;
            }
            JsonNode theirs = mapper.readTree(byHand());
            if (!ours.equals(theirs)) {
                throw new IllegalStateException(ours + " is not " + theirs);
            }
        }
    }

    private Event event() {
        next = next + 1 == trees.length ? 0 : next + 1;
        Event.Builder event = Event.builder("github.push").id("1");
        return form == Form.TREE
                ? event.data(trees[next]).build()
                : event.data("application/json", bytes[next]).build();
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? "" : node.asString();
    }

    @Benchmark
    public byte[] ours() {
        return (byte[]) template.shape(event(), scope).data();
    }

    @Benchmark
    public byte[] byHand() {
        Event event = event();
        JsonNode data = event.dataAsJson();
        JsonNode repository = data.path("repository");
        ObjectNode made = mapper.createObjectNode();
        made.put("what", event.getType() + " " + text(data.path("action")));
        ObjectNode below = made.putObject("repository");
        below.set("name", nullable(repository.get("full_name")));
        below.set("id", nullable(repository.get("id")));
        below.set("private", nullable(repository.get("private")));
        made.set("owner", nullable(repository.get("owner")));
        return mapper.writeValueAsBytes(made);
    }

    private JsonNode nullable(JsonNode node) {
        return node == null ? mapper.getNodeFactory().nullNode() : node;
    }
}

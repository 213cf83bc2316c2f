package io.eventgateway.benchmarks.filter;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.benchmarks.Application;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import software.amazon.event.ruler.Machine;
import tools.jackson.databind.json.JsonMapper;

/**
 * What ran in the process before a benchmark of filters: filters of every language and kind, and transforms, over events that come
 * as trees, bytes and objects; and event-ruler with rules of as many kinds. {@link Application} says why.
 */
@State(Scope.Benchmark)
public class FilterApplication {
    private static final int FILTERS = 200;
    private static final int ROUNDS = 30;

    /** The profile; the clean one is measured where it is asked for. */
    @Param("POLLUTED")
    public Application.Profile profile;

    /** Uses filters, transforms and event-ruler as an application does. */
    @Setup(Level.Trial)
    public void use(Blackhole blackhole) throws Exception {
        if (profile == Application.Profile.POLLUTED) {
            List<String> payloads = Samples.payloads();
            ours(payloads, blackhole);
            eventRuler(payloads, blackhole);
        }
    }

    private static void ours(List<String> payloads, Blackhole blackhole) {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("f", (event, context) -> {
                blackhole.consume(event);
                return null;
            });
            int number = 0;
            for (String pattern : Samples.patterns(FILTERS)) {
                create(gateway, "pattern-" + number++, Filter.pattern(pattern), null);
            }
            create(gateway, "cesql", Filter.cesql("type LIKE 'git%' AND EXISTS subject"), null);
            create(gateway, "cloudEvents", Filter.cloudEvents("[{\"prefix\": {\"type\": \"git\"}}]"), null);
            create(
                    gateway,
                    "eventGrid",
                    Filter.eventGrid("{\"advancedFilters\": [{\"operatorType\": \"StringContains\","
                            + " \"key\": \"data.action\", \"values\": [\"open\"]}]}"),
                    null);
            create(
                    gateway,
                    "where",
                    Filter.where(event -> event.getSubject() == null),
                    Transform.path("$.data.action"));
            create(
                    gateway,
                    "template",
                    Filter.pattern("{\"data\": {\"action\": [\"opened\", \"closed\"]}}"),
                    Transform.template(Map.of("a", "$.data.action"), "{\"action\": <a>}"));
            for (int i = 0; i < ROUNDS; i++) {
                for (String payload : payloads) {
                    gateway.emit(Event.builder("github")
                            .data("application/json", payload.getBytes(StandardCharsets.UTF_8))
                            .build());
                    gateway.emit(Event.builder("github")
                            .data(JsonMapper.shared().readTree(payload))
                            .build());
                    gateway.emit("github", Map.of("action", "opened", "sender", Map.of("type", "User")));
                }
            }
        }
    }

    private static void create(EventGateway gateway, String id, Filter filter, Transform transform) {
        Subscription.Builder subscription =
                Subscription.to("github").id(id).function("f").filter(filter).sync();
        if (transform != null) {
            subscription.transform(transform);
        }
        gateway.subscriptions().create(subscription.build());
    }

    private static void eventRuler(List<String> payloads, Blackhole blackhole) throws Exception {
        Machine machine = Machine.builder().build();
        int number = 0;
        for (String pattern : Samples.patterns(FILTERS)) {
            machine.addRule("rule-" + number++, pattern);
        }
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < ROUNDS; i++) {
            for (String payload : payloads) {
                String text = "{\"type\": \"github\", \"data\": " + payload + "}";
                blackhole.consume(machine.rulesForJSONEvent(text));
                blackhole.consume(machine.rulesForJSONEvent(mapper.readTree(text)));
            }
        }
    }
}

package io.eventgateway.benchmarks.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventTypeDefinition;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import io.eventgateway.Validation;
import io.eventgateway.benchmarks.schema.Webhooks.Webhook;
import io.eventgateway.schema.Violation;
import io.eventgateway.spi.SchemaProvider.Validator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import tools.jackson.databind.json.JsonMapper;

/**
 * A webhook of about 10 KB that comes as bytes, of a type whose schema is enforced, to one subscription with a filter on its data; beside
 * reading its bytes and validating by the same schema alone, and beside a type without a schema.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Fork(2)
public class ValidationBenchmark {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private List<Webhook> webhooks;
    private EventGateway enforcing;
    private EventGateway plain;
    private Validator[] validators;
    private Schema[] schemas;
    private int next;

    @Setup(Level.Trial)
    public void setUp(Blackhole blackhole) {
        webhooks = Webhooks.all();
        enforcing = gateway(blackhole);
        plain = gateway(blackhole);
        validators = new Validator[webhooks.size()];
        schemas = new Schema[webhooks.size()];
        for (int i = 0; i < validators.length; i++) {
            Webhook webhook = webhooks.get(i);
            String schema = webhook.schema().toString();
            enforcing
                    .eventTypes()
                    .register(EventTypeDefinition.of(webhook.type())
                            .schema(schema)
                            .validation(Validation.ENFORCE)
                            .build());
            validators[i] = Webhooks.provider().compile(schema, address -> null);
            schemas[i] = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(webhook.schema());
        }
    }

    private static EventGateway gateway(Blackhole blackhole) {
        EventGateway gateway = EventGateway.create();
        gateway.functions().register("f", (event, context) -> {
            blackhole.consume(event);
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("github.*")
                        .function("f")
                        .filter(Filter.pattern("{\"data\":{\"sender\":{\"type\":[\"User\",\"Bot\"]}}}"))
                        .sync()
                        .build());
        return gateway;
    }

    @TearDown
    public void close() {
        enforcing.close();
        plain.close();
    }

    private int next() {
        next = next + 1 == validators.length ? 0 : next + 1;
        return next;
    }

    private Event event(Webhook webhook) {
        return Event.builder(webhook.type())
                .data("application/json", webhook.bytes())
                .build();
    }

    @Benchmark
    public Emission enforced() {
        return enforcing.emit(event(webhooks.get(next())));
    }

    @Benchmark
    public List<Violation> validatorAlone() {
        int i = next();
        return validators[i].validate(MAPPER.readTree(webhooks.get(i).bytes()), 20);
    }

    @Benchmark
    public List<Error> networknt() {
        int i = next();
        return schemas[i].validate(MAPPER.readTree(webhooks.get(i).bytes()));
    }

    /** A type without a schema, where other types have one. */
    @Benchmark
    public Emission withoutSchema() {
        return enforcing.emit(otherType(webhooks.get(next())));
    }

    /** The same where no type has one. */
    @Benchmark
    public Emission withoutTypes() {
        return plain.emit(otherType(webhooks.get(next())));
    }

    private static Event otherType(Webhook webhook) {
        return Event.builder("github.other")
                .data("application/json", webhook.bytes())
                .build();
    }
}

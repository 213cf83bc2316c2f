package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.GatewayDescription.DescribedEventType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AsyncAPI documents of gateways, by AsyncAPI's own parser, which npm has. Needs Node.js 18 or later, with npm. */
@Tag("servers")
class AsyncApiParserTest {
    private static final Path FOLDER = Path.of("asyncapi").toAbsolutePath();
    private static final FunctionHandler NOTHING = (event, context) -> null;

    /** A schema with all that AsyncAPI's draft 7 reads otherwise, or not at all. */
    private static final String SCHEMA = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/order", "type": "object",
             "required": ["total"],
             "properties": {
               "total": {"type": "number", "exclusiveMinimum": 0},
               "lines": {"type": "array", "items": {"$ref": "#/$defs/line item"}},
               "pair": {"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false},
               "parent": {"$ref": "#"},
               "other": {"$ref": "https://example.com/other.json"},
               "any": true},
             "dependentRequired": {"lines": ["total"]},
             "unevaluatedProperties": false,
             "$defs": {"line item": {"$anchor": "line", "type": "object",
               "properties": {"sku": {"type": "string", "pattern": "^[A-Z]+$"}, "again": {"$ref": "#line"}}}}}
            """;

    @TempDir
    static Path folder;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        if (!Files.exists(FOLDER.resolve(Path.of("node_modules", "@asyncapi", "parser")))) {
            run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        }
    }

    /** Runs a command, and returns what it prints; fails when it fails. */
    private static String run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "npm", ".log");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    command[0] + " is not on the PATH; the profile 'servers' needs Node.js 18 or later, with npm", e);
        }
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();
        String printed = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(ended)
                .as("%s ended within 5 minutes: %s", List.of(command), printed)
                .isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private static String parsed(GatewayDescription description) throws IOException, InterruptedException {
        Path document = Files.writeString(folder.resolve("asyncapi.json"), description.asyncApi());
        return run("node", "check.mjs", document.toString());
    }

    private static GatewayDescription withSchema(GatewayDescription described, EventTypeDefinition definition) {
        List<DescribedEventType> types = described.eventTypes().stream()
                .map(type -> type.name().equals(definition.name())
                        ? new DescribedEventType(type.name(), definition, type.emittedBy(), type.subscribedBy())
                        : type)
                .toList();
        return new GatewayDescription(described.space(), types, described.functions(), described.subscriptions());
    }

    @Test
    void theDocumentIsValidWithEveryKindOfRegistrationAndHostileNames() throws Exception {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions()
                    .register(
                            FunctionDefinition.of("pay", "java", Map.of())
                                    .emits("order.paid", "a{b}?#c", "strange \"type\" <x> ~/%", "größe"),
                            NOTHING);
            gateway.functions().register("get", NOTHING);
            gateway.subscribe(Subscription.to("order.placed")
                    .function("pay")
                    .filter(Filter.pattern("{\"data\": {\"total\": [{\"numeric\": [\">\", 0]}]}}"))
                    .build());
            gateway.subscribe("order.*", "pay");
            gateway.subscribe(Subscription.to("never.**")
                    .function("get")
                    .filter(Filter.where(event -> true))
                    .build());
            gateway.subscribe(Subscription.http("GET", "/orders/:order id")
                    .function("get")
                    .build());
            gateway.subscribe(
                    Subscription.http("POST", "/files/*rest").function("get").build());
            EventTypeDefinition definition = EventTypeDefinition.of("order.placed")
                    .description("An order was placed.")
                    .owner("team orders")
                    .version(2)
                    .schema(SCHEMA)
                    .example("{\"total\": 12.5}")
                    .build();

            String printed = parsed(withSchema(gateway.describe(), definition));

            assertThat(printed).isEqualToIgnoringNewLines("channels 8, operations 10\n");
        }
    }

    @Test
    void theDocumentOfASpaceWithoutRegistrationsIsValid() throws Exception {
        try (EventGateway gateway = EventGateway.create()) {
            assertThat(parsed(gateway.describe())).contains("channels 0");
        }
    }
}

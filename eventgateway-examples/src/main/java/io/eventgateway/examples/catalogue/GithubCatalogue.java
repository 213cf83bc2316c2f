package io.eventgateway.examples.catalogue;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventTypeDefinition;
import io.eventgateway.Filter;
import io.eventgateway.Finding;
import io.eventgateway.GatewayDescription;
import io.eventgateway.Subscription;
import io.eventgateway.Validation;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.examples.quickstart.Webhooks;
import io.eventgateway.schema.Violation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Registers GitHub's webhook types with GitHub's own schemas, has a typo in a filter found when it is written, checks 329 real webhooks,
 * and writes the catalogue: an AsyncAPI document and a picture of what routes where.
 */
public final class GithubCatalogue {
    private static final int SHOWN = 5;

    private GithubCatalogue() {}

    /** Runs it; the catalogue is written to the directory that the first argument names, {@code target} without one. */
    public static void main(String[] args) throws IOException {
        run(System.out, Path.of(args.length == 0 ? "target" : args[0]));
    }

    static void run(PrintStream out, Path directory) throws IOException {
        try (EventGateway gateway = EventGateway.create()) {
            List<EventTypeDefinition> types = GithubSchemas.read().eventTypes();
            for (EventTypeDefinition type : types) {
                gateway.eventTypes()
                        .registerOrUpdate(
                                type.toBuilder().validation(Validation.ENFORCE).build());
            }
            out.println(types.size() + " event types are registered, with GitHub's own schemas.");

            subscribe(gateway);
            out.println();
            out.println("What is wrong before anything has run:");
            for (Finding finding : gateway.subscriptions().findings()) {
                out.println("  " + finding);
            }

            out.println();
            check(gateway, out);

            GatewayDescription description = gateway.describe();
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("asyncapi.json"), description.asyncApi());
            Files.writeString(directory.resolve("routing.svg"), description.toSvg());
            out.println();
            out.println("The catalogue is in asyncapi.json, the picture of what routes where in routing.svg.");
        }
    }

    private static void subscribe(EventGateway gateway) {
        gateway.functions().register("review", (event, context) -> null);
        gateway.functions().register("triage", (event, context) -> null);
        gateway.subscriptions()
                .create(Subscription.to("com.github.pull_request.opened")
                        .id("drafts")
                        .function("review")
                        .filter(Filter.pattern("{\"data\": {\"pull_request\": {\"darft\": [true]}}}")) // a typo
                        .build());
        gateway.subscriptions()
                .create(Subscription.to("com.github.issues.*")
                        .id("bugs")
                        .function("triage")
                        .filter(Filter.pattern("{\"data\": {\"issue\": {\"labels\": {\"name\": [\"bug\"]}}}}"))
                        .build());
    }

    /** Emits the webhooks, and says which of them don't have the schema that GitHub gives their type. */
    private static void check(EventGateway gateway, PrintStream out) {
        int refused = 0;
        List<Event> webhooks = Webhooks.read();
        for (Event webhook : webhooks) {
            try {
                gateway.emit(webhook);
            } catch (EventRejectedException e) {
                Violation first = e.violations().get(0);
                if (refused < SHOWN) {
                    out.println("  a " + webhook.getType() + " does not have its schema: " + first);
                }
                refused++;
            }
        }
        out.println(
                (webhooks.size() - refused) + " of " + webhooks.size() + " webhooks have the schemas of their types.");
    }
}

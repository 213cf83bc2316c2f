package io.eventgateway;

import io.eventgateway.internal.describe.AsyncApiDocument;
import io.eventgateway.internal.describe.DescriptionJson;
import io.eventgateway.internal.describe.GraphvizText;
import io.eventgateway.internal.describe.MermaidText;
import io.eventgateway.internal.describe.Picture;
import io.eventgateway.internal.describe.SvgText;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is registered in a space at one moment: its event types, functions and subscriptions, and how they belong together. Holds no
 * configuration of functions, which may have secrets. An immutable value.
 *
 * <p>All texts that it makes are the same for equal descriptions, so that they can be committed and compared. {@link #toJson} and the
 * AsyncAPI document leave out the values of the headers that transforms set, which may be secret.
 *
 * @param space the space
 * @param eventTypes the types that are registered, that a function emits, or that a subscription names, by name
 * @param functions the functions, by id
 * @param subscriptions the subscriptions, by id
 */
public record GatewayDescription(
        String space,
        List<DescribedEventType> eventTypes,
        List<DescribedFunction> functions,
        List<Subscription> subscriptions) {
    /** Copies the lists. */
    public GatewayDescription {
        Objects.requireNonNull(space, "space");
        eventTypes = List.copyOf(eventTypes);
        functions = List.copyOf(functions);
        subscriptions = List.copyOf(subscriptions);
    }

    /**
     * An event type that is registered, that a function emits, or that a subscription names.
     *
     * @param name the type that events have
     * @param definition what is registered of it; null when it is not registered
     * @param emittedBy the ids of the functions that say they {@linkplain FunctionDefinition#emits emit} it, sorted
     * @param subscribedBy the ids of the subscriptions that name it or whose patterns match it, sorted; disabled ones among them
     */
    public record DescribedEventType(
            String name, @Nullable EventTypeDefinition definition, List<String> emittedBy, List<String> subscribedBy) {
        /** Copies the lists. */
        public DescribedEventType {
            Objects.requireNonNull(name, "name");
            emittedBy = List.copyOf(emittedBy);
            subscribedBy = List.copyOf(subscribedBy);
        }
    }

    /**
     * A function, without its configuration.
     *
     * @param functionId the id
     * @param type the type, which names the invoker
     * @param emits the event types that it says it emits, sorted
     * @param calls the ids of the functions that it calls, as a group calls its members, sorted
     * @param metadata the labels that the application gave
     */
    public record DescribedFunction(
            String functionId, String type, List<String> emits, List<String> calls, Map<String, String> metadata) {
        /** Copies the collections. */
        public DescribedFunction {
            Objects.requireNonNull(functionId, "functionId");
            Objects.requireNonNull(type, "type");
            emits = List.copyOf(emits);
            calls = List.copyOf(calls);
            metadata = Map.copyOf(metadata);
        }
    }

    /** The description as JSON, indented. A filter with code in it is the text {@code code}. */
    public String toJson() {
        return DescriptionJson.of(this);
    }

    /** An AsyncAPI document as {@link #asyncApi(String, String)}, of title "Events of space 'NAME'" and version 1.0.0. */
    public String asyncApi() {
        return asyncApi("Events of space '" + space + "'", "1.0.0");
    }

    /**
     * An AsyncAPI 3.0.0 document as JSON, indented: a channel for each event type, each pattern that matches none of them, and each path;
     * an operation {@code receive} for each subscription and {@code send} for each type that a function emits. Messages are events in
     * CloudEvents' structured form, with the registered schema as their {@code data}.
     *
     * <p>Schemas of the dialect 2020-12 are written as the draft 7 that AsyncAPI knows, as far as that can say the same; what it can't say
     * is left out. References to other documents are kept as {@code x-ref}, so that no reader of the document fetches anything.
     *
     * @param title the title of the document
     * @param version the version of what the document describes
     */
    public String asyncApi(String title, String version) {
        return AsyncApiDocument.of(
                this,
                Objects.requireNonNull(title, "title must not be null"),
                Objects.requireNonNull(version, "version must not be null"));
    }

    /**
     * A picture of what routes where as a Mermaid flowchart: event types that somebody emits or subscribes to and paths, filters in short,
     * functions, and what they emit; what
     * is part of a cycle is red, and what is disabled or not registered is dashed.
     */
    public String toMermaid() {
        return MermaidText.of(Picture.of(this));
    }

    /** The picture of {@link #toMermaid} in the DOT language of Graphviz. */
    public String toGraphviz() {
        return GraphvizText.of(Picture.of(this));
    }

    /** The picture of {@link #toMermaid} as SVG, which needs no other program. It is laid out for some 5 to 100 nodes. */
    public String toSvg() {
        return SvgText.of(Picture.of(this));
    }

    /** Names the space and says how much there is. */
    @Override
    public String toString() {
        return "GatewayDescription[space=" + space + ", " + eventTypes.size() + " event types, " + functions.size()
                + " functions, " + subscriptions.size() + " subscriptions]";
    }
}

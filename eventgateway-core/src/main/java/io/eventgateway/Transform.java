package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.internal.transform.Sent;
import io.eventgateway.internal.transform.Shaper;
import io.eventgateway.internal.transform.Shaper.Failed;
import io.eventgateway.internal.transform.Shaper.Scope;
import io.eventgateway.internal.transform.Shaper.Shaped;
import io.eventgateway.internal.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Makes the data that a function gets in place of an event's data. An immutable value, compiled when it is built.
 *
 * <p>The function gets an event with the same attributes, except that {@code datacontenttype} is that of the new data and {@code
 * dataschema} is left out. A transform sees the event in CloudEvents' structured JSON form: attributes and extensions
 * at the top, {@code data} below. A transform that fails for an event fails the attempt with {@link
 * InvocationException.Kind#CALL_FAILED}, and the attempt is not made again.
 *
 * <p>Bounds: 65,536 characters, 100 paths of 1,024 characters, 50 headers of 8,192 characters; a template makes 16 Mi characters
 * at most; a JSONata expression may take 1 second, go 500 levels deep, and make values of 16 Mi characters and arrays of 1 Mi
 * elements. The gateway's largest payload holds for what comes out.
 */
public final class Transform {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String HEADERS = "headers";

    private final Shaper shaper;
    private final Map<String, String> paths;
    private final Map<String, String> headers;
    private final BiFunction<Event, Scope, Map<String, String>> headerValues;
    private final ObjectNode form;

    private Transform(Shaper shaper, Map<String, String> paths, Map<String, String> headers, ObjectNode form) {
        this.shaper = shaper;
        this.paths = paths;
        this.headers = headers;
        this.headerValues = headers.isEmpty() ? (event, scope) -> Map.of() : Transforms.headers(paths, headers);
        this.form = form;
    }

    private static Map<String, String> copyOf(Map<String, String> map, String name) {
        Objects.requireNonNull(map, name);
        map.forEach((key, value) -> {
            Objects.requireNonNull(key, "a name in " + name);
            Objects.requireNonNull(value, () -> "'" + key + "' in " + name);
        });
        return Map.copyOf(map);
    }

    private static Transform of(Shaper shaper, String language, JsonNode written) {
        ObjectNode form = NODES.objectNode();
        form.set(language, written);
        return new Transform(shaper, Map.of(), Map.of(), form);
    }

    /**
     * An Amazon EventBridge input transformer: a template with placeholders such as {@code <id>} for the values that paths such as
     * {@code $.data.id} find.
     *
     * <p>A template that begins with <code>{</code>, <code>[</code> or <code>"</code>, or that is one placeholder, makes JSON. A
     * template of several lines that are a JSON string each makes the text of these strings. Every other template makes text as it
     * is written. In JSON, a placeholder outside of quotes stands for a value of any type, null when it is missing; a placeholder
     * inside of quotes stands for text, empty when it is missing.
     *
     * <p>{@code <gateway.subscription-id>}, {@code <gateway.function-id>}, {@code
     * <gateway.space>}, {@code <gateway.event>} (without data), {@code <gateway.event.json>} and {@code <gateway.event.time>} need
     * no path, and neither do EventBridge's own {@code <aws.events.rule-name>}, {@code <aws.events.rule-arn>} (the subscription's
     * id), {@code <aws.events.event>}, {@code <aws.events.event.json>} and {@code <aws.events.event.ingestion-time>}.
     *
     * @throws InvalidTransformException if a path or the template is not valid
     */
    public static Transform template(Map<String, String> paths, String template) {
        Objects.requireNonNull(template, "template");
        Map<String, String> copy = copyOf(paths, "paths");
        ObjectNode written = NODES.objectNode();
        ObjectNode places = written.putObject("paths");
        copy.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> places.put(entry.getKey(), entry.getValue()));
        written.put("template", template);
        ObjectNode form = NODES.objectNode();
        form.set("template", written);
        return new Transform(Transforms.template(copy, template), copy, Map.of(), form);
    }

    /**
     * A part of the event, such as {@code $.data.user}, as JSON with its numbers as they are written. A path has the segments of
     * RFC 9535 that EventBridge accepts: {@code .name}, {@code ['name']}, {@code [0]}, {@code .*} and {@code [*]}. For an event that has
     * no such part the transform fails.
     *
     * @throws InvalidTransformException if it is not a path
     */
    public static Transform path(String path) {
        return of(Transforms.path(Objects.requireNonNull(path, "path")), "path", StringNode.valueOf(path));
    }

    /**
     * The same JSON for every event.
     *
     * @throws InvalidTransformException if it is not JSON
     */
    public static Transform constant(String json) {
        JsonNode value = Transforms.json("constant", Objects.requireNonNull(json, "json"));
        return of(Transforms.constant(value), "constant", value);
    }

    /**
     * A <a href="https://docs.jsonata.org">JSONata</a> expression, without {@code $eval}. The transform fails for an event
     * if the result is nothing or a function, or exceeds the bounds; JSON null is a result. Numbers are doubles, except that whole
     * numbers of up to 64 bits stay exact if they are only passed on. An event with a number beyond doubles fails. Regular
     * expressions are Java's.
     *
     * @throws InvalidTransformException if it is not an expression
     */
    public static Transform jsonata(String expression) {
        return of(
                Transforms.jsonata(Objects.requireNonNull(expression, "expression")),
                "jsonata",
                StringNode.valueOf(expression));
    }

    /**
     * Returns this transform with headers for functions of type {@code http}. Their values are texts with the placeholders of a
     * template. A batch is sent without these headers.
     *
     * @throws InvalidTransformException if a name is no token (RFC 9110), is one that the request needs itself, or a text is not valid
     */
    public Transform headers(Map<String, String> headers) {
        Map<String, String> copy = copyOf(headers, "headers");
        ObjectNode with = form.deepCopy();
        with.remove(HEADERS);
        ObjectNode written = with.putObject(HEADERS);
        copy.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> written.put(entry.getKey(), entry.getValue()));
        return new Transform(shaper, paths, copy, with);
    }

    /**
     * Reads a transform from its JSON form.
     *
     * @throws InvalidTransformException if it is not one
     */
    public static Transform fromJson(String json) {
        return fromJson(Transforms.json("json", Objects.requireNonNull(json, "json")));
    }

    @JsonCreator
    static Transform fromJson(JsonNode json) {
        JsonNode headers = json.get(HEADERS);
        int others = json.size() - (headers == null ? 0 : 1);
        if (json.isObject() && others == 1) {
            for (Map.Entry<String, JsonNode> member : json.properties()) {
                if (!member.getKey().equals(HEADERS)) {
                    Transform transform = fromJson(member.getKey(), member.getValue());
                    return headers == null ? transform : transform.headers(texts("/headers", headers));
                }
            }
        }
        throw unknown("the top", json);
    }

    private static Transform fromJson(String language, JsonNode value) {
        if (language.equals("template") && value.isObject()) {
            JsonNode paths = value.get("paths");
            JsonNode template = value.get("template");
            boolean known = Set.of("paths", "template").containsAll(value.propertyNames());
            if (template != null && template.isString() && known) {
                return template(paths == null ? Map.of() : texts("/template/paths", paths), template.stringValue());
            }
        } else if (language.equals("path") && value.isString()) {
            return path(value.stringValue());
        } else if (language.equals("constant")) {
            return of(Transforms.constant(value), language, value);
        } else if (language.equals("jsonata") && value.isString()) {
            return jsonata(value.stringValue());
        }
        throw unknown("/" + language, value);
    }

    private static Map<String, String> texts(String place, JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!member.getValue().isString()) {
                throw unknown(place + "/" + member.getKey(), member.getValue());
            }
            texts.put(member.getKey(), member.getValue().stringValue());
        }
        if (!object.isObject()) {
            throw unknown(place, object);
        }
        return texts;
    }

    private static InvalidTransformException unknown(String place, JsonNode found) {
        String text = found.toString();
        return new InvalidTransformException(
                "json",
                place,
                "found " + (text.length() > 100 ? text.substring(0, 100) + "…" : text)
                        + "; accepted is an object with one member: template with paths (an object of texts) and template (a"
                        + " text), path or jsonata with a text, constant with any JSON; and headers, an object of texts",
                null);
    }

    /** The JSON form: an object with a member named as the language, and one for headers if there are any. */
    public String toJson() {
        return form.toString();
    }

    @JsonValue
    JsonNode json() {
        return form;
    }

    /**
     * What is sent of an event.
     *
     * @throws Failed if the transform fails for it
     */
    Sent apply(Event event, String space, Subscription subscription, @Nullable JsonMapper mapper) {
        Scope scope = new Scope(space, subscription.id(), subscription.functionId());
        Shaped shaped = shaper.shape(event, scope);
        return new Sent(
                event.withData(shaped.data(), shaped.contentType(), mapper),
                headers.isEmpty() ? Map.of() : headerValues.apply(event, scope));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Transform that && form.equals(that.form);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(form);
    }

    /** The JSON form without the values of headers, which may hold secrets. */
    @Override
    public String toString() {
        ObjectNode shown = form.deepCopy();
        if (shown.get(HEADERS) instanceof ObjectNode written) {
            headers.keySet().forEach(name -> written.put(name, "…"));
        }
        return "Transform[" + shown + "]";
    }
}

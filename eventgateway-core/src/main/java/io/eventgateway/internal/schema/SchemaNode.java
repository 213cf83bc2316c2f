package io.eventgateway.internal.schema;

import io.eventgateway.internal.schema.Values.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A part of a schema that is an object, and the places that it and those that it refers to speak of. */
final class SchemaNode implements Place {
    private static final Map<String, Set<Kind>> TYPES = types();

    private final JsonSchema schema;
    private final JsonNode node;
    private final Map<String, Place> members = new ConcurrentHashMap<>();
    private volatile @Nullable Values values;
    private volatile @Nullable List<Place> others;

    SchemaNode(JsonSchema schema, JsonNode node) {
        this.schema = schema;
        this.node = node;
    }

    private static Map<String, Set<Kind>> types() {
        Map<String, Set<Kind>> types = new HashMap<>();
        types.put("null", EnumSet.of(Kind.NULL));
        types.put("boolean", EnumSet.of(Kind.TRUE, Kind.FALSE));
        types.put("number", EnumSet.of(Kind.NUMBER));
        types.put("integer", EnumSet.of(Kind.NUMBER));
        types.put("string", EnumSet.of(Kind.STRING));
        types.put("array", EnumSet.of(Kind.ARRAY));
        types.put("object", EnumSet.of(Kind.OBJECT));
        return types;
    }

    /** Returns whether the keywords beside a reference count for nothing. */
    private boolean isReferenceAlone() {
        return schema.isDraft7() && node.path("$ref").isString();
    }

    /** What other parts say of the same place: references, all of some, one of some. */
    private List<Place> others() {
        List<Place> known = others;
        if (known == null) {
            List<Place> made = new ArrayList<>();
            JsonNode reference = node.path("$ref");
            if (reference.isString()) {
                made.add(schema.referred(reference.stringValue()));
            }
            if (!isReferenceAlone()) {
                if (node.path("allOf").isArray()) {
                    made.addAll(schema.places(node.get("allOf")));
                }
                for (String choice : List.of("anyOf", "oneOf")) {
                    if (node.path(choice).isArray() && !node.get(choice).isEmpty()) {
                        made.add(Place.any(schema.places(node.get(choice))));
                    }
                }
            }
            known = List.copyOf(made);
            others = known;
        }
        return known;
    }

    @Override
    public Values values() {
        Values known = values;
        if (known == null) {
            known = schema.look(this, "", Values.ANY, this::computed);
            values = known;
        }
        return known;
    }

    private Values computed() {
        Values made = isReferenceAlone() ? Values.ANY : own();
        for (Place other : others()) {
            made = made.and(other.values());
        }
        boolean nullable = node.path("nullable").asBoolean(false); // OpenAPI's, which validators may obey
        return nullable ? made.or(Kind.NULL) : made;
    }

    private Values own() {
        Values made = ofType(node.path("type"));
        JsonNode listed = node.path("enum");
        if (listed.isArray()) {
            made = made.and(ofValues(listed.valueStream().toList()));
        }
        if (node.has("const")) {
            made = made.and(ofValues(List.of(node.get("const"))));
        }
        made = made.and(new Values.Builder()
                .kinds(Values.ANY.kinds())
                .range(range())
                .length(bound("minLength", 0), bound("maxLength", Integer.MAX_VALUE))
                .forms(forms())
                .build());
        return without(made, node.path("not"));
    }

    private static Values ofType(JsonNode type) {
        if (type.isString()) {
            return ofType(type.stringValue());
        }
        if (!type.isArray()) {
            return Values.ANY;
        }
        Values made = Values.NONE;
        for (JsonNode each : type) {
            made = made.or(each.isString() ? ofType(each.stringValue()) : Values.ANY);
        }
        return made;
    }

    private static Values ofType(String type) {
        Set<Kind> kinds = TYPES.get(type);
        return kinds == null
                ? Values.ANY
                : new Values.Builder()
                        .kinds(kinds)
                        .wholeIf(type.equals("integer"))
                        .build();
    }

    private static Values ofValues(List<JsonNode> all) {
        EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        Set<String> texts = new LinkedHashSet<>();
        Set<BigDecimal> numbers = new LinkedHashSet<>();
        for (JsonNode each : all) {
            if (each.isString()) {
                kinds.add(Kind.STRING);
                texts.add(each.stringValue());
            } else if (each.isNumber()) {
                kinds.add(Kind.NUMBER);
                BigDecimal number = decimal(each);
                numbers.add(isHuge(number) ? number : number.stripTrailingZeros());
            } else {
                kinds.add(kindOf(each));
            }
        }
        return new Values.Builder().kinds(kinds).texts(texts).numbers(numbers).build();
    }

    static Kind kindOf(JsonNode node) {
        return node.isBoolean()
                ? node.booleanValue() ? Kind.TRUE : Kind.FALSE
                : node.isArray()
                        ? Kind.ARRAY
                        : node.isObject()
                                ? Kind.OBJECT
                                : node.isNumber() ? Kind.NUMBER : node.isString() ? Kind.STRING : Kind.NULL;
    }

    private static boolean isHuge(BigDecimal number) {
        return Math.abs((long) number.scale()) > 1_000;
    }

    private static BigDecimal decimal(JsonNode number) {
        return number.isBigInteger() ? new BigDecimal(number.bigIntegerValue()) : number.decimalValue();
    }

    private Numbers range() {
        Numbers range = Numbers.ALL;
        if (node.path("minimum").isNumber()) {
            range = range.and(Numbers.from(decimal(node.get("minimum")), true));
        }
        if (node.path("maximum").isNumber()) {
            range = range.and(Numbers.upTo(decimal(node.get("maximum")), true));
        }
        if (node.path("exclusiveMinimum").isNumber()) {
            range = range.and(Numbers.from(decimal(node.get("exclusiveMinimum")), false));
        }
        if (node.path("exclusiveMaximum").isNumber()) {
            range = range.and(Numbers.upTo(decimal(node.get("exclusiveMaximum")), false));
        }
        return range;
    }

    private int bound(String keyword, int otherwise) {
        JsonNode bound = node.path(keyword);
        return bound.isNumber() && bound.canConvertToInt() && bound.decimalValue().signum() >= 0
                ? bound.decimalValue().intValue()
                : otherwise;
    }

    private Set<TextForm> forms() {
        TextForm form = node.path("pattern").isString()
                ? TextForm.of(node.get("pattern").stringValue())
                : null;
        return form == null ? Set.of() : Set.of(form);
    }

    /** Takes away what a simple {@code not} excludes: a type, or some strings. */
    private static Values without(Values made, JsonNode not) {
        if (not.isBoolean()) {
            return not.booleanValue() ? Values.NONE : made;
        }
        if (!not.isObject() || not.size() != 1) {
            return not.isObject() && not.isEmpty() ? Values.NONE : made;
        }
        Set<Kind> type = TYPES.get(not.path("type").asString(""));
        if (type != null && !not.path("type").asString("").equals("integer")) {
            return made.without(type.toArray(new Kind[0]));
        }
        JsonNode unwanted = not.path("const");
        return unwanted.isString() ? made.withoutTexts(unwanted.stringValue()::equals) : made;
    }

    @Override
    public Place member(String name) {
        Place known = members.get(name);
        if (known == null) {
            known = schema.look(this, "." + name, Place.ANYTHING, () -> memberOf(name));
            if (isNamed(name)) {
                members.put(name, known);
            }
        }
        return known;
    }

    private boolean isNamed(String name) {
        return node.path("properties").has(name);
    }

    private Place memberOf(String name) {
        List<Place> all = new ArrayList<>();
        if (!isReferenceAlone()) {
            boolean isOther = true;
            if (isNamed(name)) {
                all.add(schema.place(node.get("properties").get(name)));
                isOther = false;
            }
            for (Map.Entry<String, JsonNode> pattern : node.path("patternProperties").properties()) {
                TextForm form = TextForm.of(pattern.getKey());
                if (form != null && form.surelyMatches(name)) {
                    all.add(schema.place(pattern.getValue()));
                }
                isOther &= form != null && !form.mayMatch(name);
            }
            if (isOther) {
                all.add(schema.place(node.get("additionalProperties")));
            }
        }
        others().forEach(other -> all.add(other.member(name)));
        return Place.all(all);
    }

    @Override
    public Place element(int index) {
        return schema.look(this, "[" + index, Place.ANYTHING, () -> {
            List<Place> all = new ArrayList<>();
            if (!isReferenceAlone()) {
                JsonNode first = first();
                all.add(
                        index < first.size()
                                ? schema.place(first.get(index))
                                : schema.place(rest()));
            }
            others().forEach(other -> all.add(other.element(index)));
            return Place.all(all);
        });
    }

    @Override
    public Place elements() {
        return schema.look(this, "[", Place.ANYTHING, () -> {
            List<Place> all = new ArrayList<>();
            if (!isReferenceAlone()) {
                List<Place> each = new ArrayList<>(schema.places(first()));
                each.add(schema.place(rest()));
                all.add(Place.any(each));
            }
            others().forEach(other -> all.add(other.elements()));
            return Place.all(all);
        });
    }

    /** The schemas of the first elements. */
    private JsonNode first() {
        return node.path(schema.isDraft7() ? "items" : "prefixItems").isArray()
                ? node.get(schema.isDraft7() ? "items" : "prefixItems")
                : JsonNodeFactory.instance.arrayNode();
    }

    /** The schema of the elements after the first ones; null for none. */
    private @Nullable JsonNode rest() {
        boolean isList = node.path("items").isArray();
        return isList ? (schema.isDraft7() ? node.get("additionalItems") : null) : node.get("items");
    }

    @Override
    public boolean requires(String name) {
        return schema.look(this, "!" + name, false, () -> {
            if (!isReferenceAlone()) {
                for (JsonNode required : node.path("required")) {
                    if (required.isString() && required.stringValue().equals(name)) {
                        return true;
                    }
                }
            }
            return others().stream().anyMatch(other -> other.requires(name));
        });
    }

    @Override
    public int minItems() {
        return schema.look(this, "#", 0, () -> {
            int own = isReferenceAlone() ? 0 : bound("minItems", 0);
            return Math.max(
                    own, others().stream().mapToInt(Place::minItems).max().orElse(0));
        });
    }

    @Override
    public Set<String> names() {
        return schema.look(this, "*", Set.of(), () -> {
            Set<String> names = new LinkedHashSet<>();
            if (!isReferenceAlone()) {
                names.addAll(node.path("properties").propertyNames());
            }
            others().forEach(other -> names.addAll(other.names()));
            return names;
        });
    }

    @Override
    public @Nullable String description() {
        JsonNode text = node.path("description").isString() ? node.get("description") : node.path("title");
        return text.isString() ? text.stringValue() : null;
    }

    @Override
    public List<String> examples() {
        List<String> examples = new ArrayList<>();
        node.path("examples").forEach(each -> examples.add(each.toString()));
        if (node.has("default")) {
            examples.add(node.get("default").toString());
        }
        return examples;
    }

    @Override
    public Set<Object> origins() {
        return schema.look(this, "@", Set.of(), () -> {
            Set<Object> origins = new LinkedHashSet<>();
            origins.add(this);
            others().forEach(other -> origins.addAll(other.origins()));
            return origins;
        });
    }

    JsonNode node() {
        return node;
    }
}

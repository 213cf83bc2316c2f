package io.eventgateway.internal.filter;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds where a filter names a path: a JSON Pointer into the document of its language, or a line and a column of its expression. A
 * filter that is made of several has them in its JSON form.
 */
public final class FilterPosition {
    private final List<String> names;
    private final @Nullable String text;
    /** Where the path is, though not with the text. */
    private @Nullable String near;

    private FilterPosition(List<String> names, @Nullable String text) {
        this.names = names;
        this.text = text;
    }

    /**
     * The position of a path, and of a text that it is compared with.
     *
     * @param form the JSON form of the filter
     * @param text null for the path alone
     * @return null where it is not found
     */
    public static @Nullable String of(JsonNode form, List<String> names, @Nullable String text) {
        if (names.isEmpty() || form.size() != 1) {
            return null;
        }
        FilterPosition position = new FilterPosition(names, text);
        String word = form.propertyNames().iterator().next();
        boolean isMade = word.equals("and") || word.equals("or") || word.equals("not");
        String found = isMade ? position.inForm(form, "") : position.inLanguage(word, form.get(word), "");
        return found == null ? position.near : found;
    }

    private @Nullable String inForm(JsonNode form, String pointer) {
        for (Map.Entry<String, JsonNode> member : form.properties()) {
            String below = pointer + "/" + member.getKey();
            switch (member.getKey()) {
                case "and", "or" -> {
                    for (int i = 0; i < member.getValue().size(); i++) {
                        String found = inForm(member.getValue().get(i), below + "/" + i);
                        if (found != null) {
                            return found;
                        }
                    }
                }
                case "not" -> {
                    return inForm(member.getValue(), below);
                }
                default -> {
                    return inLanguage(member.getKey(), member.getValue(), below);
                }
            }
        }
        return null;
    }

    private @Nullable String inLanguage(String word, JsonNode document, String pointer) {
        return switch (word) {
            case "pattern" -> inPattern(document, 0, pointer);
            case "eventGrid" -> inEventGrid(document, pointer);
            case "cloudEvents" -> inCloudEvents(document, pointer);
            case "cesql" -> inExpression(document.asString(""), pointer);
            default -> null;
        };
    }

    /** Takes note of a place that names the path; returns it if it has the text, or none is looked for. */
    private @Nullable String found(String pointer, @Nullable JsonNode values) {
        if (text == null) {
            return pointer;
        }
        if (values != null) {
            for (int i = 0; i < values.size(); i++) {
                if (has(values.get(i))) {
                    return pointer + "/" + i;
                }
            }
        }
        near = near == null ? pointer : near;
        return null;
    }

    private boolean has(JsonNode value) {
        return value.isString()
                ? value.stringValue().equals(text)
                : value.isObject() && value.valueStream().anyMatch(this::has);
    }

    private @Nullable String inPattern(JsonNode node, int at, String pointer) {
        if (at == names.size()) {
            return found(pointer, node.isArray() ? node : null);
        }
        JsonNode below = node.get(names.get(at));
        String found = below == null ? null : inPattern(below, at + 1, pointer + "/" + escaped(names.get(at)));
        JsonNode or = node.get("$or");
        for (int i = 0; found == null && or != null && i < or.size(); i++) {
            found = inPattern(or.get(i), at, pointer + "/$or/" + i);
        }
        return found;
    }

    private @Nullable String inEventGrid(JsonNode document, String pointer) {
        for (String member : List.of("includedEventTypes", "subjectBeginsWith", "subjectEndsWith")) {
            String attribute = member.startsWith("subject") ? "subject" : "type";
            JsonNode value = document.get(member);
            if (value != null && names.equals(List.of(attribute))) {
                boolean isIt = value.isString() && value.stringValue().equals(text);
                String found = isIt
                        ? pointer + "/" + member
                        : found(pointer + "/" + member, value.isArray() ? value : null);
                if (found != null) {
                    return found;
                }
            }
        }
        JsonNode filters = document.path("advancedFilters");
        for (int i = 0; i < filters.size(); i++) {
            String[] key = filters.get(i).path("key").asString("").split("\\.", -1);
            if (names.equals(List.of(EventGridLanguage.named(key)))) {
                String at = pointer + "/advancedFilters/" + i;
                JsonNode values = filters.get(i).path("values");
                String found = text == null ? at + "/key" : found(at + "/values", values);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable String inCloudEvents(JsonNode node, String pointer) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                String found = inCloudEvents(node.get(i), pointer + "/" + i);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String below = pointer + "/" + member.getKey();
            String found =
                    switch (member.getKey()) {
                        case "all", "any", "not" -> inCloudEvents(member.getValue(), below);
                        case "sql" -> inExpression(member.getValue().asString(""), below);
                        default -> inAttributes(member.getValue(), below);
                    };
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable String inAttributes(JsonNode attributes, String pointer) {
        JsonNode value = names.size() == 1 ? attributes.get(names.get(0)) : null;
        if (value == null) {
            return null;
        }
        String at = pointer + "/" + names.get(0);
        return has(value) ? at : found(at, null);
    }

    private @Nullable String inExpression(String expression, String pointer) {
        for (CesqlToken token : CesqlLexer.tokens(expression)) {
            if (token.kind() == CesqlToken.Kind.WORD
                    && names.equals(List.of(token.text().toLowerCase(Locale.ROOT)))) {
                String at = Positions.of(expression, token.begin());
                return pointer.isEmpty() ? at : pointer + ", " + at;
            }
        }
        return null;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}

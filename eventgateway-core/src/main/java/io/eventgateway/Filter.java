package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.error.FilterConversionException;
import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.internal.filter.Condition;
import io.eventgateway.internal.filter.Conversion;
import io.eventgateway.internal.filter.Filters;
import io.eventgateway.internal.json.ExactJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A condition on events: a subscription gets the events of its type that pass. An immutable value.
 *
 * <p>A filter sees an event in CloudEvents' structured JSON form: attributes and extensions at the top, {@code data} below. Data
 * that is not JSON has no members: text is a string at {@code data}, bytes are Base64 at {@code data_base64}. Numbers compare by
 * their exact values. A filter that can't be evaluated for an event does not match it. Such events are counted, and {@link
 * EventGateway#explain} shows the count.
 *
 * <p>These bounds hold for every language and every combination: 65,536 characters of text, 64 levels, 2,000 conditions (in a pattern with every
 * {@code $or} multiplied out, and each value of a list that has to be tried by itself), 10,000 values in the lists of all tests, 32
 * stars in a wildcard; 524,288 characters and 192 levels of the JSON form.
 */
public final class Filter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The languages that filters are written in. */
    public enum Language {
        /** Amazon EventBridge's event patterns: {@link Filter#pattern(String)}. */
        PATTERN("pattern"),
        /** The dialects of the CloudEvents Subscriptions API: {@link Filter#cloudEvents}. */
        CLOUD_EVENTS("cloudEvents"),
        /** Azure Event Grid's filters: {@link Filter#eventGrid}. */
        EVENT_GRID("eventGrid"),
        /** CloudEvents SQL: {@link Filter#cesql}. */
        CESQL("cesql");

        private final String word;

        Language(String word) {
            this.word = word;
        }

        /** What the language is called in the JSON form of filters. */
        public String word() {
            return word;
        }
    }

    /** How a pattern is read. */
    public enum PatternOption {
        /**
         * A name with dots is short for names in each other, as it is for event-ruler: {@code {"data.total": [1]}} and {@code
         * {"data": {"total": [1]}}} are one pattern. Without the option, a name with dots is the name of one member.
         */
        NESTED_NAMES
    }

    private final Condition condition;
    /** What it is written as; null for code. */
    private final @Nullable JsonNode form;

    private Filter(Condition condition, @Nullable JsonNode form) {
        this.condition = condition;
        this.form = form;
    }

    /**
     * An Amazon EventBridge event pattern, such as {@code {"data": {"total": [{"numeric": [">", 100]}]}}}: exact values, prefix,
     * suffix, equals-ignore-case, wildcard, anything-but, numeric, exists, cidr and {@code $or}. All conditions that go through an
     * array hold for the same element of it.
     *
     * @throws InvalidFilterException if it is not a pattern
     */
    public static Filter pattern(String json) {
        return of("pattern", Filters.pattern(Objects.requireNonNull(json, "json must not be null")));
    }

    /**
     * An event pattern that is read with options. Its JSON form is a pattern that needs none: names with dots are written out.
     *
     * @throws InvalidFilterException if it is not a pattern, or names a path twice
     */
    public static Filter pattern(String json, PatternOption... options) {
        Objects.requireNonNull(json, "json must not be null");
        Objects.requireNonNull(options, "options must not be null");
        return Arrays.asList(options).contains(PatternOption.NESTED_NAMES)
                ? of("pattern", Filters.patternOfNestedNames(json))
                : pattern(json);
    }

    /**
     * A filter of the CloudEvents Subscriptions API 1.0 (section 3.2.4), such as {@code {"prefix": {"subject": "/orders/"}}}, or
     * an array of filters that all have to match: {@code exact}, {@code prefix}, {@code suffix}, {@code all}, {@code any}, {@code
     * not}, {@code sql}. A filter that can't be evaluated is false, which {@code not} inverts.
     *
     * @throws InvalidFilterException if it is not one
     */
    public static Filter cloudEvents(String json) {
        return of("cloudEvents", Filters.cloudEvents(Objects.requireNonNull(json, "json must not be null")));
    }

    /**
     * An Azure Event Grid filter: {@code includedEventTypes}, {@code subjectBeginsWith}, {@code subjectEndsWith}, {@code
     * isSubjectCaseSensitive}, {@code advancedFilters}, {@code enableAdvancedFilteringOnArrays}. Advanced filters may be spelled in
     * the portal's old way, too: {@code Operator}, {@code Key}, {@code Values}; the JSON form has {@code operatorType}, {@code key},
     * and {@code value} or {@code values}.
     *
     * <p>Azure has limits that this library has not; {@link EventGridLimits} says whether a filter keeps them.
     *
     * @throws InvalidFilterException if it is not one
     */
    public static Filter eventGrid(String json) {
        return of("eventGrid", Filters.eventGrid(Objects.requireNonNull(json, "json must not be null")));
    }

    /**
     * A CloudEvents SQL 1.0 expression, such as {@code subject LIKE '/orders/%' AND EXISTS tenant}. It sees attributes and
     * extensions, not data. An event passes where the value is the Boolean true and no error occurred (CESQL 1.0, section 1.2): an
     * expression of another type never matches. {@code AND}, {@code OR} and {@code XOR} are evaluated from the left (section 3.6).
     *
     * @throws InvalidFilterException if it is not one
     */
    public static Filter cesql(String expression) {
        Objects.requireNonNull(expression, "expression must not be null");
        return new Filter(Filters.cesql(expression), wrapped("cesql", StringNode.valueOf(expression)));
    }

    /**
     * Code of this process. It must be quick, must not have side effects, and may be called for an event more than once; what it
     * throws means that the event does not match. A subscription with such a filter is this process's own: it is not stored. Neither has
     * a JSON form: their {@code toJson()} throws an {@link IllegalStateException}. Give the subscription an id of its own where there may be
     * more than one, and for {@link Subscriptions#createOrUpdate}: nothing tells code from code.
     */
    public static Filter where(Predicate<? super Event> predicate) {
        return new Filter(Filters.where(Objects.requireNonNull(predicate, "predicate must not be null")), null);
    }

    /**
     * A filter that matches what all of some filters match.
     *
     * @throws InvalidFilterException if there are none, or they are more in all than one filter may be
     */
    public static Filter and(Filter... filters) {
        return combined("and", given(filters), Filters::all);
    }

    /**
     * A filter that matches what one of some filters at least matches.
     *
     * @throws InvalidFilterException if there are none, or they are more in all than one filter may be
     */
    public static Filter or(Filter... filters) {
        return combined("or", given(filters), Filters::any);
    }

    /**
     * A filter that matches what another does not match. An event for which that can't be evaluated is matched by neither.
     *
     * @throws InvalidFilterException if that is nested too deep
     */
    public static Filter not(Filter filter) {
        Objects.requireNonNull(filter, "filter must not be null");
        return new Filter(
                Filters.not(filter.condition), filter.form == null ? null : Filters.form(wrapped("not", filter.form)));
    }

    /**
     * A filter from its JSON form.
     *
     * @throws InvalidFilterException if it is not one: its {@code position} is the place in the text where it is no JSON or has a
     *     member twice, and else a JSON pointer; that of a problem inside of a filter is a pointer into that filter
     */
    public static Filter fromJson(String json) {
        return fromForm(Filters.form(Objects.requireNonNull(json, "json must not be null")), "");
    }

    @JsonCreator
    static Filter fromJson(JsonNode json) {
        return fromForm(Filters.form(json), "");
    }

    private static Filter fromForm(JsonNode json, String pointer) {
        if (json.isObject() && json.size() == 1) {
            Map.Entry<String, JsonNode> only = json.properties().iterator().next();
            Filter filter = fromForm(only.getKey(), only.getValue(), pointer + "/" + only.getKey());
            if (filter != null) {
                return filter;
            }
        }
        String found = json.isMissingNode() ? "nothing" : json.toString();
        throw new InvalidFilterException(
                "json",
                pointer.isEmpty() ? "the top" : pointer,
                "found " + (found.length() > 100 ? found.substring(0, 100) + "…" : found)
                        + "; accepted is an object with one member: pattern, cloudEvents or eventGrid with the filter, cesql with an"
                        + " expression, and/or with an array of filters, not with a filter",
                null);
    }

    private static @Nullable Filter fromForm(String word, JsonNode value, String pointer) {
        return switch (word) {
            case "pattern" -> of(word, Filters.pattern(value));
            case "cloudEvents" -> of(word, Filters.cloudEvents(value));
            case "eventGrid" -> of(word, Filters.eventGrid(value));
            case "cesql" -> value.isString() ? cesql(value.stringValue()) : null;
            case "and" -> value.isArray() ? combined(word, each(value, pointer), Filters::all) : null;
            case "or" -> value.isArray() ? combined(word, each(value, pointer), Filters::any) : null;
            case "not" -> not(fromForm(value, pointer));
            default -> null;
        };
    }

    private static List<Filter> each(JsonNode array, String pointer) {
        List<Filter> filters = new ArrayList<>();
        for (JsonNode each : array) {
            filters.add(fromForm(each, pointer + "/" + filters.size()));
        }
        return filters;
    }

    private static Filter of(String language, Filters.Compiled compiled) {
        return new Filter(compiled.condition(), wrapped(language, compiled.written()));
    }

    private static List<Filter> given(Filter... filters) {
        Objects.requireNonNull(filters, "filters");
        for (int i = 0; i < filters.length; i++) {
            Objects.requireNonNull(filters[i], "filters[" + i + "]");
        }
        return Arrays.asList(filters);
    }

    private static Filter combined(
            String word, List<Filter> filters, Function<List<Condition>, Condition> combination) {
        if (filters.isEmpty()) {
            throw new InvalidFilterException(
                    "json", "the top", "found '" + word + "' of none; accepted is one at least", null);
        }
        Condition condition = combination.apply(filters.stream()
                .map(filter -> Objects.requireNonNull(filter, "filter must not be null").condition)
                .toList());
        ArrayNode forms = NODES.arrayNode();
        for (Filter filter : filters) {
            if (filter.form == null) {
                return new Filter(condition, null);
            }
            forms.add(filter.form);
        }
        return new Filter(condition, Filters.form(wrapped(word, forms)));
    }

    private static JsonNode wrapped(String word, JsonNode value) {
        ObjectNode form = NODES.objectNode();
        form.set(word, value);
        return form;
    }

    /**
     * The same filter in another language: it matches the same events. {@code toJson} prints it.
     *
     * <p>Languages differ in what they can say: how they take numbers for texts, letters for their upper case, arrays for their
     * elements, and what is missing. Where that could make a difference for any event, the filter is refused.
     *
     * @return this filter if it is written in that language
     * @throws FilterConversionException if that language can't say the same
     */
    public Filter as(Language language) {
        Objects.requireNonNull(language, "language");
        if (form != null && form.has(language.word)) {
            return this;
        }
        try {
            if (language == Language.CLOUD_EVENTS && form != null && form.has(Language.CESQL.word)) {
                return cloudEvents(wrapped("sql", form.get(Language.CESQL.word)).toString());
            }
            JsonNode written = Conversion.written(condition, language);
            return fromJson(
                    wrapped(language.word, written).toString()); // as read from text, which makes equal filters equal
        } catch (InvalidFilterException e) {
            throw new FilterConversionException(language, "", "what it would be is refused: " + e.getMessage(), e);
        }
    }

    /** Returns whether the filter has a JSON form. Every filter has one, except those with {@link #where} in them. */
    public boolean isStorable() {
        return form != null;
    }

    /**
     * The JSON form: an object whose one member is the name of the language, or {@code and}, {@code or}, {@code not}.
     *
     * @throws IllegalStateException if it has none, since {@link #where} is in it; {@link #isStorable} tells
     */
    public String toJson() {
        return json().toString();
    }

    @JsonValue
    JsonNode json() {
        if (form == null) {
            throw new IllegalStateException(
                    "a filter with Filter.where in it has no JSON form; isStorable() tells whether a filter has one");
        }
        return form;
    }

    Condition condition() {
        return condition;
    }

    /** Filters with equal JSON forms are equal. A filter with code is equal to itself alone. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Filter that
                        && form != null
                        && that.form != null
                        && (form.equals(that.form) || reread(form).equals(reread(that.form))));
    }

    /** A form as it is read: a number such as {@code 1e0}, which is written as 1, is a whole number then. */
    private static JsonNode reread(JsonNode form) {
        return ExactJson.read(form.toString());
    }

    @Override
    public int hashCode() {
        return form == null ? System.identityHashCode(this) : reread(form).hashCode();
    }

    @Override
    public String toString() {
        return "Filter[" + (form == null ? "code" : form.toString()) + "]";
    }
}

package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Check;
import io.eventgateway.internal.filter.Condition.Code;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.json.Surrogates;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The filter languages: each makes the condition tree of what is written in it, or refuses with {@link io.eventgateway.error.InvalidFilterException}. */
public final class Filters {
    private Filters() {}

    /** A filter as it is written, and what it means. */
    public record Compiled(JsonNode written, Condition condition) {}

    /** An EventBridge event pattern. */
    public static Compiled pattern(String json) {
        return pattern(Source.parse(PatternLanguage.NAME, json));
    }

    /** An EventBridge event pattern. */
    public static Compiled pattern(JsonNode json) {
        return pattern(Source.of(PatternLanguage.NAME, json));
    }

    /** An EventBridge event pattern in which {@code "a.b"} is short for {@code "b"} in {@code "a"}; it is written out. */
    public static Compiled patternOfNestedNames(String json) {
        Source source = Source.parse(PatternLanguage.NAME, json);
        Condition condition = checked(source, PatternLanguage.compileNestedNames(source));
        return new Compiled(
                Source.of(PatternLanguage.NAME, NestedNames.writtenOut(source)).value(), condition);
    }

    private static Compiled pattern(Source source) {
        return new Compiled(source.value(), checked(source, PatternLanguage.compile(source)));
    }

    /** A filter of the CloudEvents Subscriptions API, or an array of them. */
    public static Compiled cloudEvents(String json) {
        return cloudEvents(Source.parse(CloudEventsLanguage.NAME, json));
    }

    /** A filter of the CloudEvents Subscriptions API, or an array of them. */
    public static Compiled cloudEvents(JsonNode json) {
        return cloudEvents(Source.of(CloudEventsLanguage.NAME, json));
    }

    private static Compiled cloudEvents(Source source) {
        return new Compiled(source.value(), checked(source, CloudEventsLanguage.compile(source)));
    }

    /** An Event Grid filter. */
    public static Compiled eventGrid(String json) {
        return eventGrid(Source.parse(EventGridLanguage.NAME, json));
    }

    /** An Event Grid filter. */
    public static Compiled eventGrid(JsonNode json) {
        return eventGrid(Source.of(EventGridLanguage.NAME, json));
    }

    private static Compiled eventGrid(Source source) {
        Condition condition = checked(source, EventGridLanguage.compile(source));
        return new Compiled(EventGridLanguage.normalised(source), condition);
    }

    /** A CESQL expression. */
    public static Condition cesql(String text) {
        int lone = Surrogates.firstLone(text);
        if (lone >= 0) {
            throw new InvalidFilterException(
                    CesqlLanguage.NAME,
                    Positions.of(text, lone),
                    "found " + Surrogates.at(text, lone) + "; accepted is " + Surrogates.ACCEPTED,
                    null);
        }
        return Bounds.checked(CesqlLanguage.NAME, "line 1, column 1", CesqlLanguage.compile(text));
    }

    /** Code of the application. */
    public static Condition where(Predicate<? super Event> predicate) {
        return new Code(new Check() {
            @Override
            public boolean test(Event event) {
                return predicate.test(event);
            }

            @Override
            public String toString() {
                return "the application's predicate";
            }
        });
    }

    /** All of some conditions. */
    public static Condition all(List<Condition> conditions) {
        return checked(AllOf.of(conditions));
    }

    /** The condition that at least one of some holds. */
    public static Condition any(List<Condition> conditions) {
        return checked(AnyOf.of(conditions));
    }

    /** The contrary of a condition. */
    public static Condition not(Condition condition) {
        return checked(new Not(condition));
    }

    private static Condition checked(Condition condition) {
        return Bounds.checked(Source.FORM, Source.TOP, condition);
    }

    private static Condition checked(Source source, Condition condition) {
        return Bounds.checked(source.language(), source.position(), condition);
    }

    /**
     * The JSON form that filters are stored in.
     *
     * @throws io.eventgateway.error.InvalidFilterException if it is not valid JSON, has a member twice, or is longer or deeper than allowed
     */
    public static JsonNode form(String json) {
        return Source.parseForm(json).value();
    }

    /**
     * The JSON form that filters are stored in.
     *
     * @throws io.eventgateway.error.InvalidFilterException if it is longer or deeper than allowed
     */
    public static JsonNode form(JsonNode json) {
        return Source.ofForm(json).value();
    }
}

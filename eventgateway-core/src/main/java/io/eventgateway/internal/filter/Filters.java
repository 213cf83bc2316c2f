package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import io.eventgateway.InvalidFilterException;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Check;
import io.eventgateway.internal.filter.Condition.Code;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.StrictAnyOf;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The filter languages: each makes the condition tree of what is written in it, or refuses with {@link InvalidFilterException}. */
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

    private static Compiled pattern(Source source) {
        return new Compiled(source.value(), PatternLanguage.compile(source));
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
        return new Compiled(source.value(), CloudEventsLanguage.compile(source));
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
        return new Compiled(source.value(), EventGridLanguage.compile(source));
    }

    /** A CESQL expression. */
    public static Condition cesql(String text) {
        return CesqlLanguage.compile(text);
    }

    /** Code of the application. */
    public static Condition where(Predicate<? super Event> predicate) {
        return new Code(
                new Check() {
                    @Override
                    public boolean test(Event event) {
                        return predicate.test(event);
                    }

                    @Override
                    public String toString() {
                        return "the application's predicate";
                    }
                },
                false);
    }

    /** All of some conditions. */
    public static Condition all(List<Condition> conditions) {
        return checked(AllOf.of(conditions));
    }

    /** One of some conditions at least. */
    public static Condition any(List<Condition> conditions) {
        return checked(AnyOf.of(conditions));
    }

    /** The contrary of a condition. */
    public static Condition not(Condition condition) {
        return checked(new Not(condition));
    }

    private static Condition checked(Condition condition) {
        if (condition.size() > Limits.MAX_CONDITIONS || depth(condition) > Limits.MAX_DEPTH) {
            throw new InvalidFilterException(
                    "json",
                    "the top",
                    "found " + condition.size() + " conditions, " + depth(condition)
                            + " levels deep; accepted are at most " + Limits.MAX_CONDITIONS + " and "
                            + Limits.MAX_DEPTH,
                    null);
        }
        return condition;
    }

    static int depth(Condition condition) {
        if (condition instanceof Not not) {
            return 1 + depth(not.condition());
        }
        if (condition instanceof ErrorAsFalse certain) {
            return depth(certain.condition());
        }
        List<Condition> conditions = condition instanceof AllOf all
                ? all.conditions()
                : condition instanceof AnyOf any
                        ? any.conditions()
                        : condition instanceof StrictAnyOf first ? first.conditions() : List.of();
        return 1 + conditions.stream().mapToInt(Filters::depth).max().orElse(0);
    }
}

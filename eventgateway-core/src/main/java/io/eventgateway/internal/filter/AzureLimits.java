package io.eventgateway.internal.filter;

import io.eventgateway.EventGridLimits;
import io.eventgateway.EventGridLimits.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Finds in an Event Grid filter what is beyond Azure's limits. */
public final class AzureLimits {
    private final List<Problem> problems = new ArrayList<>();
    private int values;

    private AzureLimits() {}

    /** The problems of a filter in its normal form, in the order of its members. */
    public static List<Problem> problems(JsonNode filter) {
        AzureLimits limits = new AzureLimits();
        limits.filter(Source.of(EventGridLanguage.NAME, filter));
        return List.copyOf(limits.problems);
    }

    private void filter(Source filter) {
        Source advanced = filter.member("advancedFilters");
        if (advanced == null) {
            return;
        }
        int filters = advanced.value().size();
        if (filters > EventGridLimits.MAX_ADVANCED_FILTERS) {
            add(advanced, filters + " advanced filters", "at most " + EventGridLimits.MAX_ADVANCED_FILTERS);
        }
        advanced.each((index, each) -> advanced(AdvancedFilter.read(each)));
        if (values > EventGridLimits.MAX_VALUES) {
            add(
                    advanced,
                    values + " values in all advanced filters",
                    "at most " + EventGridLimits.MAX_VALUES + " across all of them");
        }
    }

    private void advanced(AdvancedFilter filter) {
        if (filter.value() != null) {
            values++;
            value(filter.value());
        }
        if (filter.values() != null) {
            values += filter.values().value().size();
            filter.values().each((index, value) -> value(value));
        }
    }

    private void value(Source source) {
        if (source.value().isArray()) { // a range
            source.each((index, bound) -> value(bound));
        } else if (source.value().isNumber()) {
            number(source);
        } else if (source.value().isString()) {
            int length = source.value().stringValue().length();
            if (length > EventGridLimits.MAX_STRING) {
                add(source, "a string of " + length + " characters", "at most " + EventGridLimits.MAX_STRING);
            }
        }
    }

    private void number(Source source) {
        BigDecimal exact = Num.decimal(source.value());
        double nearest = exact.doubleValue();
        if (Double.isInfinite(nearest) || BigDecimal.valueOf(nearest).compareTo(exact) != 0) {
            add(source, "the number " + source.excerpt(), "what a double holds, which is " + nearest);
        }
    }

    private void add(Source source, String found, String limit) {
        problems.add(new Problem(source.pointer(), found, limit));
    }
}

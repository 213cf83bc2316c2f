package io.eventgateway.internal.filter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An advanced filter of Event Grid's as it is written.
 *
 * <p>Azure's REST API and templates spell its members {@code operatorType}, {@code key}, and {@code value} or {@code values}. The
 * first documentation of advanced filters (2018) and the portal of that time have {@code Operator}, {@code Key} and {@code Values},
 * where {@code Values} of an operator with one value holds that value itself; Event Grid on IoT Edge has {@code OperatorType},
 * {@code Key}, {@code Value} and {@code Values}. All of these are read, and printed in the first way.
 *
 * @param value null when there is none
 * @param values null when there are none
 */
record AdvancedFilter(
        Source source,
        Source operator,
        Source key,
        @Nullable Source value,
        @Nullable Source values) {
    private static final String OPERATOR = "operatorType";
    private static final String KEY = "key";
    private static final String VALUE = "value";
    private static final String VALUES = "values";
    private static final String MEMBERS = "operatorType, key, and value or values";
    private static final Map<String, String> SPELLINGS = Map.of(
            OPERATOR,
            OPERATOR,
            "OperatorType",
            OPERATOR,
            "operator",
            OPERATOR,
            "Operator",
            OPERATOR,
            KEY,
            KEY,
            "Key",
            KEY,
            VALUE,
            VALUE,
            "Value",
            VALUE,
            VALUES,
            VALUES,
            "Values",
            VALUES);

    /** Reads the members, in whichever spelling; what they hold is not looked at. */
    static AdvancedFilter read(Source source) {
        Map<String, Source> members = new HashMap<>();
        source.object(MEMBERS).each((spelling, member) -> {
            String name = SPELLINGS.get(spelling);
            if (name == null) {
                throw member.refused("'" + spelling + "'", MEMBERS);
            }
            Source other = members.put(name, member);
            if (other != null) {
                throw member.refused(
                        "both '" + other.name() + "' and '" + spelling + "', which are one member", "one of them");
            }
        });
        Source operator = required(source, members, OPERATOR);
        Source values = members.get(VALUES);
        boolean valueItself =
                values != null && !values.value().isArray() && operator.name().equalsIgnoreCase("operator");
        return new AdvancedFilter(
                source,
                operator,
                required(source, members, KEY),
                valueItself ? values : members.get(VALUE),
                valueItself ? members.get(VALUE) : values);
    }

    private static Source required(Source source, Map<String, Source> members, String name) {
        Source member = members.get(name);
        if (member == null) {
            throw source.refused(source.excerpt(), "an object with " + name);
        }
        return member;
    }

    /** This filter in the one spelling that is printed. */
    JsonNode normalised() {
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        form.set(OPERATOR, operator.value());
        form.set(KEY, key.value());
        if (value != null) {
            form.set(VALUE, value.value());
        }
        if (values != null) {
            form.set(VALUES, values.value());
        }
        return form;
    }

    /** The value of an operator that has one. */
    Source one() {
        refuse(values, VALUE);
        if (value == null) {
            throw source.refused(source.excerpt(), "an object with " + VALUE);
        }
        return value;
    }

    Num number() {
        return one().number("a number");
    }

    /** The tests that an operator makes of its values. */
    List<ValueTest> each(Function<Source, ValueTest> test) {
        refuse(value, VALUES);
        if (values == null) {
            throw source.refused(source.excerpt(), "an object with " + VALUES);
        }
        List<ValueTest> tests = new ArrayList<>();
        values.array(VALUES).each((index, each) -> tests.add(test.apply(each)));
        return tests;
    }

    /** Refuses values of an operator that has none. */
    void none() {
        refuse(value, "neither value nor values");
        refuse(values, "neither value nor values");
    }

    private static void refuse(@Nullable Source unwanted, String wanted) {
        if (unwanted != null && unwanted.name().equalsIgnoreCase(wanted)) { // Values that hold a value themselves
            throw unwanted.refused(unwanted.excerpt(), "an array of the values that this operator compares with");
        }
        if (unwanted != null) {
            throw unwanted.refused("'" + unwanted.name() + "', which this operator does not have", wanted);
        }
    }
}

package io.eventgateway.internal.json;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.spi.Secret;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How a value of a class is written in JSON, for the message that says what would be accepted in the place of another. */
public final class AcceptedForm {
    private AcceptedForm() {}

    /** The form of a class, with its article: "an integer". */
    public static String of(Class<?> type) {
        if (type == Duration.class) {
            return "a duration such as PT5S (ISO 8601)";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getFields())
                    .filter(Field::isEnumConstant)
                    .map(AcceptedForm::written)
                    .collect(Collectors.joining(" or "));
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "an integer";
        }
        if (Number.class.isAssignableFrom(type) || type == double.class || type == float.class) {
            return "a number";
        }
        if (CharSequence.class.isAssignableFrom(type) || type == Secret.class) {
            return "a string";
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "an array";
        }
        boolean isOfJava = type.getName().startsWith("java.") && !Map.class.isAssignableFrom(type);
        return isOfJava ? "of kind " + type.getSimpleName().toLowerCase(Locale.ROOT) : "an object";
    }

    /** The form of a class of numbers, with the range of its integers: "an integer from 0 to 5". */
    public static String withRange(Class<?> type) {
        if (type == Integer.class || type == int.class) {
            return of(type) + " from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
        }
        if (type == Long.class || type == long.class) {
            return of(type) + " from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
        }
        return of(type) + " of its range";
    }

    /** The text that stands for a constant. */
    private static String written(Field constant) {
        JsonProperty property = constant.getAnnotation(JsonProperty.class);
        return property == null ? constant.getName() : property.value();
    }
}

package io.eventgateway.internal.json;

import io.eventgateway.internal.http.ShownText;
import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Why JSON could not be read as a class, without a value of it: which member it was, and what it must be. Jackson's own messages
 * show values, which may be secret.
 */
public final class Unreadable {
    private static final int LONGEST_PATH = 200;
    /** How Jackson begins its message for a primitive that JSON gives no value for. */
    private static final String NULL_FOR_PRIMITIVE = "Cannot map `null` into type";

    private Unreadable() {}

    /** The reason, as the rest of a sentence that ends in a colon. */
    public static String reason(JacksonException e) {
        if (e instanceof InputCoercionException beyond) {
            return member(beyond) + "must be " + name(beyond.getTargetType()) + ", was a number beyond its range";
        }
        if (e instanceof InvalidDefinitionException definition) {
            return "Jackson can't make "
                    + name(
                            definition.getType() == null
                                    ? null
                                    : definition.getType().getRawClass())
                    + ", which needs a constructor, a record form or annotations that tell how";
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            Collection<Object> known = unknown.getKnownPropertyIds();
            return member(unknown) + "is unknown; known are "
                    + (known == null
                            ? "none"
                            : new TreeSet<>(known.stream().map(String::valueOf).toList()));
        }
        if (e instanceof MismatchedInputException mismatch) {
            boolean isNull = String.valueOf(mismatch.getOriginalMessage()).startsWith(NULL_FOR_PRIMITIVE);
            return member(mismatch) + (isNull ? "is missing or null, and " : "") + "must be "
                    + name(mismatch.getTargetType());
        }
        if (e instanceof DatabindException databind) {
            Throwable cause = databind.getCause();
            return member(databind) + "was refused"
                    + (cause == null ? "" : " by its class (" + cause.getClass().getSimpleName() + ")");
        }
        if (e instanceof ExactJson.Problem problem) {
            return String.valueOf(problem.getOriginalMessage());
        }
        if (e instanceof StreamConstraintsException limit) {
            return beyondLimit(limit, "");
        }
        return "it is not valid JSON" + place(e);
    }

    /** What a document has too much of; Jackson's own message has the numbers, and no value. */
    static String beyondLimit(StreamConstraintsException limit, String at) {
        return beyondLimit(String.valueOf(limit.getOriginalMessage()), at) + place(limit);
    }

    private static String beyondLimit(String message, String at) {
        StreamReadConstraints limits = StreamReadConstraints.defaults();
        if (message.contains("nesting depth")) {
            return "it is nested too deep; accepted are at most " + limits.getMaxNestingDepth() + " levels";
        }
        if (message.startsWith("Number") || message.contains("BigDecimal") || message.contains("BigInteger")) {
            return "the number" + at + " is too long; accepted are at most " + limits.getMaxNumberLength()
                    + " characters";
        }
        if (message.startsWith("Name") || message.startsWith("Property name")) {
            return "a member's name is too long; accepted are at most " + limits.getMaxNameLength() + " characters";
        }
        return message.startsWith("String")
                ? "the text" + at + " is too long; accepted are at most " + limits.getMaxStringLength() + " characters"
                : "it is larger than what is read";
    }

    /** Where a parser is, as a JSON pointer that follows a noun; empty at the root. */
    static String at(JsonParser parser) {
        String pointer = parser.streamReadContext().pathAsPointer().toString();
        return pointer.isEmpty() ? "" : " at '" + ShownText.of(pointer) + "'";
    }

    private static String place(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null || at.getLineNr() < 1
                ? ""
                : ", at line " + at.getLineNr() + ", column " + Math.max(1, at.getColumnNr());
    }

    private static String member(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        if (path.length() > LONGEST_PATH) {
            path.setLength(LONGEST_PATH);
            path.append("...");
        }
        return path.isEmpty() ? "it " : "its member '" + path + "' ";
    }

    private static String name(@Nullable Class<?> type) {
        return type == null ? "something else" : "of kind " + type.getSimpleName();
    }
}

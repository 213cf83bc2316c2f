package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Utils;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A function of JSONata that keeps the bounds of the evaluation that calls it: the library's own, or one in its place where the
 * time or the memory of the library's can't be bounded from outside.
 */
final class ExpressionFunction extends JFunction {
    /** What is done in place of the library's function, or before it. */
    @FunctionalInterface
    interface Body {
        @Nullable Object call(Arguments arguments) throws Throwable;
    }

    private static final Set<String> WITHOUT_LAST = Set.of("match", "split", "formatNumber");

    private final String name;
    private final @Nullable Body body;

    /**
     * A function.
     *
     * @param method of the library that has the name; its parameters tell how many arguments there are
     * @param body what is done in place of that; null when the library's function does it
     */
    ExpressionFunction(String name, String signature, String method, @Nullable Body body) {
        super(name, signature, Functions.class, null, method);
        this.name = name;
        this.body = body;
    }

    String name() {
        return name;
    }

    /**
     * The number of parameters when some of them are given, as in {@code $split(?, ",")}. The library leaves those open that are not
     * given, which {@code $map} then fills with the index; so the functions that it would cut the result of go without their last.
     */
    @Override
    public int getNumberOfArgs() {
        return WITHOUT_LAST.contains(name) ? super.getNumberOfArgs() - 1 : super.getNumberOfArgs();
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // the library's own type
    public @Nullable Object call(@Nullable Object input, List arguments) {
        ExpressionBounds bounds = ExpressionBounds.current();
        try {
            bounds.beginCall();
            Object result = body == null
                    ? super.call(input, arguments)
                    : body.call(new Arguments(this, input, arguments, bounds));
            bounds.made(result);
            return body != null && result instanceof Number number ? Utils.convertNumber(number) : result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            bounds.endCall();
        }
    }

    private @Nullable Object library(@Nullable Object input, List<@Nullable Object> arguments) {
        return super.call(input, arguments);
    }

    /**
     * The arguments of a call. The library has checked their types, but not when one of its functions calls another.
     *
     * @param function that is called
     * @param input of the call
     * @param values that are given, null for those that are undefined
     * @param bounds of the evaluation
     */
    record Arguments(
            ExpressionFunction function,
            @Nullable Object input,
            List<@Nullable Object> values,
            ExpressionBounds bounds) {
        @Nullable Object get(int index) {
            return index < values.size() ? values.get(index) : null;
        }

        @Nullable String text(int index) {
            return get(index, String.class);
        }

        @Nullable Number number(int index) {
            return get(index, Number.class);
        }

        private <T> @Nullable T get(int index, Class<T> type) {
            Object value = get(index);
            if (value != null && !type.isInstance(value)) {
                throw mismatch(index);
            }
            return type.cast(value);
        }

        /** An argument as an array, which a value of another type is the only element of. */
        @SuppressWarnings("unchecked")
        @Nullable List<@Nullable Object> array(int index) {
            Object value = get(index);
            if (value == null || value instanceof List<?>) {
                return (List<@Nullable Object>) value;
            }
            List<@Nullable Object> one = new ArrayList<>();
            one.add(value);
            return one;
        }

        /** What the library throws for an argument of a type that the function does not take. */
        JException mismatch(int index) {
            return new JException("T0410", -1, index + 1, function.name);
        }

        /** The result of the library's function, with an argument in place of the given one. */
        @Nullable Object library(int index, @Nullable Object argument) {
            List<@Nullable Object> others = new ArrayList<>(values);
            others.set(index, argument);
            return function.library(input, others);
        }

        /** The result of the library's function. */
        @Nullable Object library() {
            return function.library(input, values);
        }

        LimitExceeded exceed(String problem) {
            return bounds.exceed("$" + function.name + " " + problem);
        }
    }

    /** Returns whether JSONata takes a value for true. */
    static boolean isTrue(@Nullable Object value) {
        return Jsonata.boolize(value);
    }
}

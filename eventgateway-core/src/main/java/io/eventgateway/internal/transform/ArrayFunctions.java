package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Utils;
import com.dashjoin.jsonata.Utils.JList;
import io.eventgateway.internal.transform.ExpressionFunction.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSONata's functions of arrays whose time the library does not bound. */
final class ArrayFunctions {
    private ArrayFunctions() {}

    /** An array that knows its size, so that one that grows by an element at a time need not be measured each time. */
    private static final class Appended extends JList<Object> implements ValueSize.Known {
        private static final long serialVersionUID = 1L;
        private final long size;
        private final int nesting;

        Appended(List<?> first, List<?> second, long size, int nesting) {
            super(first.size() + second.size());
            addAll(first);
            addAll(second);
            this.size = size;
            this.nesting = nesting;
        }

        @Override
        public long knownSize() {
            return size;
        }

        @Override
        public int nesting() {
            return nesting;
        }
    }

    static @Nullable Object append(Arguments arguments) {
        Object first = arguments.get(0);
        Object second = arguments.get(1);
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        List<?> begin = list(first);
        List<?> end = list(second);
        if (begin.size() + end.size() > ValueSize.MAX_ELEMENTS) {
            throw arguments.exceed("makes an array of more than " + ValueSize.MAX_ELEMENTS + " elements");
        }
        ValueSize sizes = arguments.bounds().sizes();
        long size = sizes.of(begin);
        int nesting = sizes.nesting();
        size += sizes.of(end);
        return new Appended(begin, end, size, Math.max(nesting, sizes.nesting()));
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }

    static @Nullable Object map(Arguments arguments) throws Throwable {
        List<@Nullable Object> array = arguments.array(0);
        if (array == null) {
            return null;
        }
        Gathered results = new Gathered(arguments);
        for (int i = 0; i < array.size(); i++) {
            results.add(applied(arguments, array.get(i), i, array));
        }
        return results.list;
    }

    static @Nullable Object each(Arguments arguments) throws Throwable {
        Object object = arguments.get(0);
        if (object == null) {
            return null;
        }
        if (!(object instanceof Map<?, ?> map)) {
            throw arguments.mismatch(0);
        }
        Gathered results = new Gathered(arguments);
        for (Map.Entry<?, ?> member : map.entrySet()) {
            results.add(applied(arguments, member.getValue(), member.getKey(), map));
        }
        return results.list;
    }

    private static @Nullable Object applied(
            Arguments arguments, @Nullable Object value, @Nullable Object place, Object whole) throws Throwable {
        Object function = arguments.get(1);
        if (function == null) {
            throw arguments.mismatch(1);
        }
        return Functions.funcApply(function, Functions.hofFuncArgs(function, value, place, whole));
    }

    /** What a function gives for each element, whose sizes are added before too much is held. */
    private static final class Gathered {
        private final List<Object> list = Utils.createSequence();
        private final Arguments arguments;
        private long size;

        Gathered(Arguments arguments) {
            this.arguments = arguments;
        }

        void add(@Nullable Object value) {
            if (value != null) {
                arguments.bounds().check(value);
                size += arguments.bounds().sizes().of(value);
                if (size > ValueSize.MAX_SIZE) {
                    throw arguments.exceed("makes a value of more than " + ValueSize.MAX_SIZE + " characters");
                }
                list.add(value);
            }
        }
    }

    /** Sorts stably, by merging as JSONata does, since a function that compares need not be an order. */
    static @Nullable Object sort(Arguments arguments) throws Throwable {
        List<@Nullable Object> array = arguments.array(0);
        Object swaps = arguments.get(1);
        if (array == null || array.size() <= 1) {
            return array;
        }
        if (swaps == null && !Utils.isArrayOfStrings(array) && !Utils.isArrayOfNumbers(array)) {
            throw new JException("D3070", -1);
        }
        return sorted(array, swaps, arguments.bounds());
    }

    private static List<@Nullable Object> sorted(
            List<@Nullable Object> array, @Nullable Object swaps, ExpressionBounds bounds) throws Throwable {
        if (array.size() <= 1) {
            return array;
        }
        int middle = array.size() / 2;
        List<@Nullable Object> left = sorted(array.subList(0, middle), swaps, bounds);
        List<@Nullable Object> right = sorted(array.subList(middle, array.size()), swaps, bounds);
        List<@Nullable Object> merged = new ArrayList<>(array.size());
        int next = 0;
        for (Object each : left) {
            while (next < right.size() && isBefore(right.get(next), each, swaps, bounds)) {
                merged.add(right.get(next++));
            }
            merged.add(each);
        }
        merged.addAll(right.subList(next, right.size()));
        return merged;
    }

    private static boolean isBefore(
            @Nullable Object right, @Nullable Object left, @Nullable Object swaps, ExpressionBounds bounds)
            throws Throwable {
        if (swaps != null) {
            List<@Nullable Object> pair = new ArrayList<>();
            pair.add(left);
            pair.add(right);
            return ExpressionFunction.isTrue(Functions.funcApply(swaps, pair));
        }
        bounds.checkTime();
        return left instanceof String text
                ? text.compareTo(String.valueOf(right)) > 0
                : left instanceof Number first
                        && right instanceof Number second
                        && first.doubleValue() > second.doubleValue();
    }

    static @Nullable Object spread(Arguments arguments) {
        Object value = arguments.get(0);
        if (!(value instanceof List<?>) && !(value instanceof Map<?, ?>)) {
            return value;
        }
        List<Object> spread = Utils.createSequence();
        spread(value, spread);
        return spread;
    }

    private static void spread(@Nullable Object value, List<Object> spread) {
        if (value instanceof List<?> list) {
            list.forEach(element -> spread(element, spread));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> {
                Map<Object, Object> single = new LinkedHashMap<>();
                single.put(name, member);
                spread.add(single);
            });
        } else if (value != null) {
            spread.add(value);
        }
    }

    static @Nullable Object distinct(Arguments arguments) {
        if (!(arguments.get(0) instanceof List<?> array) || array.size() <= 1) {
            return arguments.get(0);
        }
        Set<Object> seen = new LinkedHashSet<>();
        for (Object element : array) {
            arguments.bounds().checkTime(); // elements whose hashes are the same are compared with each other
            seen.add(element);
        }
        List<Object> distinct = array instanceof JList<?> ? Utils.createSequence() : new ArrayList<>();
        distinct.addAll(seen);
        return distinct;
    }
}

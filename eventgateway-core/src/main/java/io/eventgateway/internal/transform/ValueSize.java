package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Utils.RangeList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The size of the values of one evaluation as they would be written out: the characters of texts and names, eight for a number,
 * one for each element. A value that holds another twice has its size twice, which bounds whatever walks through it.
 */
final class ValueSize {
    static final int MAX_SIZE = 16 * 1024 * 1024;
    static final int MAX_ELEMENTS = 1024 * 1024;
    static final int MAX_NESTING = 500;

    private static final int NUMBER = 8;
    private static final int REMEMBERED = 4;
    private static final int WORTH_REMEMBERING = 64;
    private static final int ELEMENTS_AT_MOST = -1;
    private static final int NESTED_TOO_DEEP = -2;

    /** A value that knows its size, because it does not change. */
    interface Known {
        long knownSize();

        /** Levels of arrays and objects, itself included. */
        int nesting();
    }

    private final boolean remembers;
    private final @Nullable Object[] values = new Object[REMEMBERED];
    private int next;
    private int deepest;

    ValueSize(boolean remembers) {
        this.remembers = remembers;
    }

    /** What is wrong with the size of a value; null when nothing is. */
    @Nullable String check(@Nullable Object value) {
        for (int i = 0; i < REMEMBERED; i++) {
            if (values[i] == value) {
                return null;
            }
        }
        long size = of(value);
        if (size == ELEMENTS_AT_MOST) {
            return "it makes an array of more than " + MAX_ELEMENTS + " elements";
        }
        if (size == NESTED_TOO_DEEP) {
            return "it makes a value that is nested more than " + MAX_NESTING + " levels deep";
        }
        if (size > MAX_SIZE) {
            return "it makes a value of more than " + MAX_SIZE + " characters";
        }
        if (remembers && size > WORTH_REMEMBERING && !(value instanceof Known)) {
            values[next] = value;
            next = (next + 1) % REMEMBERED;
        }
        return null;
    }

    /** The size of a value, which is not counted further once it is too large; negative when a bound other than that is exceeded. */
    long of(@Nullable Object value) {
        deepest = 0;
        return of(value, 1, MAX_SIZE);
    }

    /** The levels of the value whose size was taken last. */
    int nesting() {
        return deepest;
    }

    /** The size of a value that holds no others. */
    static long ofScalar(@Nullable Object value) {
        return value instanceof String text ? text.length() + 1 : value instanceof Number ? NUMBER : 1;
    }

    private long of(@Nullable Object value, int level, long left) {
        if (value instanceof Known it) {
            deepest = Math.max(deepest, level + it.nesting() - 1);
            return deepest > MAX_NESTING ? NESTED_TOO_DEEP : it.knownSize();
        }
        if (value instanceof List<?> list) {
            return list(list, level, left);
        }
        return value instanceof Map<?, ?> map ? map(map, level, left) : ofScalar(value);
    }

    private long list(List<?> list, int level, long left) {
        deepest = Math.max(deepest, level);
        if (list.size() > MAX_ELEMENTS) {
            return ELEMENTS_AT_MOST;
        }
        if (level > MAX_NESTING) {
            return NESTED_TOO_DEEP;
        }
        if (list instanceof RangeList) {
            return 1 + (long) NUMBER * list.size();
        }
        long size = 1L + list.size();
        for (Object element : list) {
            long more = of(element, level + 1, left - size);
            size = more < 0 ? more : size + more;
            if (more < 0 || size > left) {
                return size;
            }
        }
        return size;
    }

    private long map(Map<?, ?> map, int level, long left) {
        deepest = Math.max(deepest, level);
        if (level > MAX_NESTING) {
            return NESTED_TOO_DEEP;
        }
        long size = 1L + map.size();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            size += String.valueOf(member.getKey()).length();
            long more = of(member.getValue(), level + 1, left - size);
            size = more < 0 ? more : size + more;
            if (more < 0 || size > left) {
                return size;
            }
        }
        return size;
    }
}

package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Jsonata.Frame;
import com.dashjoin.jsonata.Parser.Symbol;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of one evaluation of a JSONata expression: its time, its depth, and the size of every value that it makes.
 *
 * <p>The library calls {@link #enter} and {@link #exit} around every node of the expression, and every function polls the time
 * ({@link ExpressionFunction}). Between two polls, the library does work that is linear in the values at hand, which are bounded
 * by {@link ValueSize}; the steps of the library whose work is more than linear are bounded here, one by one.
 *
 * <p>Confined to the thread that evaluates.
 */
final class ExpressionBounds {
    static final Duration MAX_TIME = Duration.ofSeconds(1);
    /** Nodes of an expression that are being evaluated at a time, of which a call of a function takes about four. */
    static final int MAX_DEPTH = 500;
    /** What a function that is running counts for, because it takes more of the stack. */
    private static final int LEVELS_OF_CALL = 2;
    /** Elements of all arrays that one node is made of: what a path gathers, both sides of an operator, the members of an object. */
    private static final long MAX_GATHERED = ValueSize.MAX_ELEMENTS;
    /** Characters of all texts that one node is made of. */
    private static final long MAX_GATHERED_TEXT = ValueSize.MAX_SIZE;
    /** Bytes of the texts and arrays that functions and {@code &} make in all, since variables and functions may hold each of them. */
    private static final long MAX_MADE = 256L * 1024 * 1024;

    private static final int BYTES_OF_ELEMENT = 8;
    /** Nodes between two looks at the time, each of which works on values of a bounded size. */
    private static final int NODES_A_POLL = 8;
    /** Elements of one group whose elements have variables, because the library's work for a group is quadratic in them. */
    private static final int MAX_BOUND_GROUP = 10_000;
    /** Copied elements of a wildcard step, because the library copies what it has found for every array that it adds. */
    private static final long MAX_COPIED = 1L << 30;

    private static final int LARGE = 1_000;
    private static final ThreadLocal<@Nullable ExpressionBounds> CURRENT = new ThreadLocal<>();

    private final long millis = System.currentTimeMillis();
    private final Duration time;
    private final long deadline;
    private final ValueSize sizes;
    private final CalledValues called = new CalledValues();
    /** Bytes of what was made so far, whether or not it is still held. */
    private long made;

    /** The last two results, which after a range was evaluated are its ends. */
    private @Nullable Object first;

    private @Nullable Object second;

    private int depth;
    private int entered;
    private int calls;
    private Symbol[] nodes = new Symbol[64];
    private long[] gathered = new long[64];
    private long[] gatheredText = new long[64];
    private @Nullable IdentityHashMap<Symbol, int[]> groupKeys;
    private @Nullable LimitExceeded exceeded;

    private ExpressionBounds(Duration time, boolean remembersSizes) {
        this.time = time;
        this.deadline = System.nanoTime() + time.toNanos();
        sizes = new ValueSize(remembersSizes);
    }

    /**
     * Starts an evaluation on this thread, which {@link #end} has to end.
     *
     * @param time how long it may take
     * @param remembersSizes whether no value changes once it is made, so that its size need not be taken again
     */
    static ExpressionBounds begin(Duration time, boolean remembersSizes) {
        ExpressionBounds bounds = new ExpressionBounds(time, remembersSizes);
        CURRENT.set(bounds);
        return bounds;
    }

    static void end() {
        CURRENT.remove();
    }

    /** The bounds of the evaluation that this thread is in. */
    static ExpressionBounds current() {
        ExpressionBounds bounds = CURRENT.get();
        if (bounds == null) {
            throw new IllegalStateException("no expression is being evaluated on this thread");
        }
        return bounds;
    }

    /** When the evaluation began, for {@code $now} and {@code $millis}. */
    long millis() {
        return millis;
    }

    /** The first bound that was exceeded, for parts of the library turn exceptions into others; null when none was. */
    @Nullable LimitExceeded exceeded() {
        return exceeded;
    }

    ValueSize sizes() {
        return sizes;
    }

    void checkTime() {
        if (System.nanoTime() - deadline > 0) {
            throw exceed("it takes more than " + time.toMillis() + " ms");
        }
    }

    LimitExceeded exceed(String problem) {
        LimitExceeded exception = new LimitExceeded(problem);
        if (exceeded == null) {
            exceeded = exception;
        }
        return exception;
    }

    /** Called before a node is evaluated. */
    void enter(Symbol node, @Nullable Object input, Frame environment) {
        if (++entered % NODES_A_POLL == 0) {
            checkTime();
        }
        depth++;
        checkDepth();
        if (depth == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * depth);
            gathered = Arrays.copyOf(gathered, 2 * depth);
            gatheredText = Arrays.copyOf(gatheredText, 2 * depth);
        }
        nodes[depth] = node;
        gathered[depth] = 0;
        gatheredText[depth] = 0;
        called.enter(depth);
        if (node.group != null) {
            beginGroup(node.group);
        } else if (groupKeys != null) {
            countGroup(groupKeys, node, environment);
        }
        if (input instanceof Map<?, ?> map && map.size() > LARGE) {
            checkWildcard(node, map.values());
        } else if (input instanceof List<?> list && list.size() > LARGE) {
            checkWildcard(node, list);
        }
    }

    /** Counts a value that a function has made. */
    void made(@Nullable Object value) {
        if (value instanceof String text) {
            made += 2L * text.length();
        } else if (value instanceof List<?> list) {
            made += (long) BYTES_OF_ELEMENT * list.size();
        } else if (value instanceof Map<?, ?> map) {
            made += 2L * BYTES_OF_ELEMENT * map.size();
        }
        if (made > MAX_MADE) {
            throw exceed("it makes more than " + MAX_MADE + " bytes of texts and arrays in all");
        }
    }

    /** Called before a function runs, which may call others outside of any node. */
    void beginCall() {
        checkTime();
        calls++;
        checkDepth();
    }

    void endCall() {
        calls--;
    }

    private void checkDepth() {
        if (depth + calls * LEVELS_OF_CALL > MAX_DEPTH) {
            throw exceed("it goes more than " + MAX_DEPTH + " levels deep; a recursion needs an end, or a tail call");
        }
    }

    /** Called after a node is evaluated. */
    void exit(Symbol node, @Nullable Object input, Frame environment, @Nullable Object result) {
        if (!isFilled(result) && isRange(node) && first instanceof Number from && second instanceof Number to) {
            if (from.longValue() < to.longValue()) { // so far apart that the library's difference overflowed
                throw exceed("it makes a sequence of more than " + ValueSize.MAX_ELEMENTS + " elements");
            }
        }
        first = second;
        second = result;
        depth--;
        called.exit(depth + 1, nodes[depth], result);
        if (result instanceof String text) {
            if (isConcatenation(node)) {
                made(text);
            }
            gather(gatheredText, text.length(), MAX_GATHERED_TEXT, "texts of", "characters");
            if (text.length() > ValueSize.MAX_SIZE) {
                throw exceed("it makes a text of more than " + ValueSize.MAX_SIZE + " characters");
            }
        } else if (result instanceof List<?> list) {
            if (list.size() > ValueSize.MAX_ELEMENTS) {
                throw exceed("it makes a sequence of more than " + ValueSize.MAX_ELEMENTS + " elements");
            }
            gather(gathered, list.size(), MAX_GATHERED, "arrays of", "elements");
            check(list);
        } else if (result instanceof Map<?, ?> map) {
            check(map);
        } else if (result instanceof Pattern) {
            // the library would run it where nothing looks at the time; those that are found in the text are ours
            throw exceed("it has a regular expression where none is expected");
        }
    }

    /** Checks the size of a value that the expression has made. */
    <T extends @Nullable Object> T check(T value) {
        String problem = sizes.check(value);
        if (problem != null) {
            throw exceed(problem);
        }
        return value;
    }

    private void gather(long[] sums, int size, long limit, String before, String unit) {
        sums[depth] += size;
        // a call does not gather what is evaluated for it, which may be the arguments of a function that another calls
        // again and
        // again; functions bound what they keep
        if (sums[depth] > limit && !CalledValues.isCall(nodes[depth])) {
            throw exceed("one part of it is made of " + before + " more than " + limit + " " + unit + " together");
        }
    }

    private static boolean isFilled(@Nullable Object result) {
        return result instanceof List<?> list && list.size() > 0;
    }

    private static boolean isRange(Symbol node) {
        return node.toString().endsWith("value=..");
    }

    private static boolean isConcatenation(Symbol node) {
        return node.toString().endsWith("value=&");
    }

    private void beginGroup(Symbol group) {
        IdentityHashMap<Symbol, int[]> keys = groupKeys;
        if (keys == null) {
            keys = new IdentityHashMap<>();
            groupKeys = keys;
        }
        for (Symbol[] pair : group.lhsObject) {
            keys.put(pair[0], new int[1]);
        }
    }

    /** The library binds the element of a sequence with variables to {@code @}. */
    private void countGroup(IdentityHashMap<Symbol, int[]> keys, Symbol node, Frame environment) {
        int[] count = keys.get(node);
        if (count != null && environment.lookup("@") != null && ++count[0] > MAX_BOUND_GROUP) {
            throw exceed("it groups more than " + MAX_BOUND_GROUP + " elements with variables");
        }
    }

    private static long flattened(List<?> list) {
        long count = 0;
        for (Object element : list) {
            count += element instanceof List<?> inner ? flattened(inner) : 1;
        }
        return count;
    }

    private void checkWildcard(Symbol node, Collection<?> members) {
        if (!node.toString().startsWith(" * ")) {
            return;
        }
        long found = 0;
        long copied = 0;
        for (Object member : members) {
            if (member instanceof List<?> list) {
                copied += found;
                found += flattened(list);
            } else {
                found++;
            }
        }
        if (copied > MAX_COPIED) {
            throw exceed("it asks for all members of an object that has too many arrays");
        }
    }
}

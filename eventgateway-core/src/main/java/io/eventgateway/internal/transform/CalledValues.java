package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata.JFunctionCallable;
import com.dashjoin.jsonata.Jsonata.JLambda;
import com.dashjoin.jsonata.Parser.Symbol;
import com.dashjoin.jsonata.Utils;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values that an evaluation calls as functions. A value that is no function is refused here, before the library does so, since the
 * library prints it on the console first, and it may be of the event.
 *
 * <p>The library does not show which node of a call is the called one, but the order of evaluation does: of a call it is the first; of
 * {@code ~>} it is the second, after the argument; and of a tail call it is the first after the value that stands for the call. A
 * partial application looks like a call, and is known by {@link PartialMarks}; the library prints nothing of what it applies.
 *
 * <p>Confined to the thread that evaluates.
 */
final class CalledValues {
    private static final String CALL = "Symbol null value=(";
    private static final String APPLICATION = "Symbol null value=~>";

    /** The number of nodes that were evaluated for the node at each level. */
    private int[] evaluated = new int[64];
    /** The levels whose node is what a tail call calls. */
    private boolean[] ofTailCall = new boolean[64];
    /** The levels whose node is a partial application. */
    private boolean[] partial = new boolean[64];
    /** The last value stands for a tail call that the library makes next. */
    private boolean isTailCallNext;

    /** Returns whether a node is a call, which the library shows only in its text. */
    static boolean isCall(@Nullable Symbol node) {
        String text = String.valueOf(node);
        return text.equals(CALL) || text.equals(APPLICATION);
    }

    /** Called before a node is evaluated at a level. */
    void enter(int level) {
        if (level == evaluated.length) {
            evaluated = Arrays.copyOf(evaluated, 2 * level);
            ofTailCall = Arrays.copyOf(ofTailCall, 2 * level);
            partial = Arrays.copyOf(partial, 2 * level);
        }
        evaluated[level] = 0;
        partial[level] = false;
        ofTailCall[level] = isTailCallNext;
        isTailCallNext = false;
    }

    /**
     * Called after a node was evaluated.
     *
     * @param level of the node
     * @param parent the node that it was evaluated for; null for none
     * @throws JException if the result is called and is no function
     */
    void exit(int level, @Nullable Symbol parent, @Nullable Object result) {
        int position = ++evaluated[level - 1];
        if (PartialMarks.isMark(result)) {
            partial[level - 2] = true; // its block is the argument
            return;
        }
        isTailCallNext = result instanceof Symbol made && made.thunk;
        if (result != null
                && !isFunction(result)
                && (ofTailCall[level] || (!partial[level - 1] && isCalled(position, parent)))) {
            throw new JException("T1006", -1);
        }
    }

    private static boolean isCalled(int position, @Nullable Symbol parent) {
        return switch (position) {
            case 1 -> String.valueOf(parent).equals(CALL);
            case 2 -> String.valueOf(parent).equals(APPLICATION);
            default -> false;
        };
    }

    /** Returns whether a value is a function, or a sequence of one function, which the library takes for that function. */
    private static boolean isFunction(@Nullable Object given) {
        Object value = given instanceof List<?> list && list.size() == 1 ? list.get(0) : given;
        return Functions.isLambda(value)
                || Utils.isFunction(value)
                || value instanceof JFunctionCallable
                || value instanceof JLambda
                || value instanceof Pattern;
    }
}

package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Jsonata.Frame;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The marks in the partial applications of an expression, such as {@code $substring(?, 0, 1)}. Of a call the library evaluates the
 * function first, of a partial application the arguments, and nothing else tells the two apart while they are evaluated. So the first
 * argument that is given becomes a block that reads a variable with a value of its own first: {@code $substring(?, ($mark;0), 1)}.
 *
 * <p>Written while a text is read, and not changed afterwards.
 */
final class PartialMarks {
    /** The value of the variable, which no expression can have otherwise. */
    static final Object MARK = new Object();

    /** The name of the variable; private use in Unicode, behind the names of regular expressions. */
    private static final String NAME = "\uF8FF";

    /** What stands in the text, by the offsets in the source before which it stands. */
    private final TreeMap<Integer, String> inserted = new TreeMap<>();

    /** The arguments of a call whose bracket is open. */
    static final class Arguments {
        private int begin;
        private boolean hasPlaceholder;
        private int given = -1;
        private int givenEnd;

        Arguments(int begin) {
            this.begin = begin;
        }

        /** Ends an argument at an offset, at which a comma or the bracket stands. */
        void end(CharSequence text, int end) {
            String argument = text.subSequence(begin, end).toString().strip();
            if (argument.equals("?")) {
                hasPlaceholder = true;
            } else if (given < 0 && !argument.isEmpty()) {
                given = begin;
                givenEnd = end;
            }
            begin = end + 1;
        }
    }

    /** Adds a mark for arguments that have ended; returns false for those of no partial application, and where none is given. */
    boolean add(Arguments arguments) {
        if (!arguments.hasPlaceholder || arguments.given < 0) {
            return false;
        }
        inserted.merge(arguments.given, "($" + NAME + ";", String::concat);
        inserted.merge(arguments.givenEnd, ")", String::concat);
        return true;
    }

    /** The text with the marks. */
    String insertedIn(StringBuilder text) {
        if (inserted.isEmpty()) {
            return text.toString();
        }
        StringBuilder marked = new StringBuilder(text);
        inserted.descendingMap().forEach(marked::insert);
        return marked.toString();
    }

    /** The offset in the source that an offset in the text stands for. */
    int inSource(int offset) {
        int before = 0;
        for (Map.Entry<Integer, String> mark : inserted.entrySet()) {
            int begin = mark.getKey() + before;
            if (offset < begin) {
                break;
            }
            if (offset < begin + mark.getValue().length()) {
                return mark.getKey();
            }
            before += mark.getValue().length();
        }
        return offset - before;
    }

    /** Gives the variable its value in an evaluation. */
    void bind(Frame frame) {
        if (!inserted.isEmpty()) {
            frame.bind(NAME, MARK);
        }
    }

    /** Returns whether a value is that of the variable. */
    static boolean isMark(@Nullable Object value) {
        return value == MARK;
    }
}

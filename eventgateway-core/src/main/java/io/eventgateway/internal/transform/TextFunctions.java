package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.Utils.JList;
import io.eventgateway.internal.json.LetterCase;
import io.eventgateway.internal.transform.ExpressionFunction.Arguments;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSONata's functions of texts whose time or memory the library does not bound. */
final class TextFunctions {
    /** Characters that may be written as, or read from, the text of a URL. */
    private static final int MAX_URL = 1024 * 1024;
    /** Up to this product of the lengths of a text and of what is sought in it, the search is quick in the worst case. */
    private static final long QUICK_SEARCH = 1 << 20;

    private TextFunctions() {}

    static @Nullable Object string(Arguments arguments) {
        Object value = arguments.get(0);
        if (value instanceof JList<?> list && list.outerWrapper) {
            value = list.get(0);
        }
        if (Boolean.TRUE.equals(arguments.get(1)) && printedSize(value, 1, 0) > ValueSize.MAX_SIZE) {
            throw arguments.exceed("makes more than " + ValueSize.MAX_SIZE + " characters");
        }
        return Functions.string(value, Boolean.TRUE.equals(arguments.get(1)));
    }

    /** How many characters, about, the lines of a value have, most of which are its indentation. */
    private static long printedSize(@Nullable Object value, int level, long before) {
        long size = before + 2L * level;
        if (size > ValueSize.MAX_SIZE) {
            return size;
        }
        if (value instanceof Map<?, ?> map) {
            for (Object member : map.values()) {
                size = printedSize(member, level + 1, size);
            }
        } else if (value instanceof List<?> list) {
            for (Object element : list) {
                size = printedSize(element, level + 1, size);
            }
        }
        return size;
    }

    static @Nullable Object substring(Arguments arguments) {
        String text = arguments.text(0);
        Number start = arguments.number(1);
        Number length = arguments.number(2);
        if (text == null || start == null) {
            return text;
        }
        int count = text.codePointCount(0, text.length());
        int begin = start.intValue() < 0 ? Math.max(0, count + start.intValue()) : Math.min(count, start.intValue());
        long end = length == null ? count : Math.min(count, begin + Math.max(0L, length.longValue()));
        int from = text.offsetByCodePoints(0, begin);
        return text.substring(from, text.offsetByCodePoints(from, (int) end - begin));
    }

    static @Nullable Object substringBefore(Arguments arguments) {
        String text = arguments.text(0);
        String sought = arguments.text(1);
        int at = text == null || sought == null ? -1 : indexOf(text, sought, 0, arguments.bounds());
        return text == null || at < 0 ? text : text.substring(0, at);
    }

    static @Nullable Object substringAfter(Arguments arguments) {
        String text = arguments.text(0);
        String sought = arguments.text(1);
        int at = text == null || sought == null ? -1 : indexOf(text, sought, 0, arguments.bounds());
        return text == null || sought == null || at < 0 ? text : text.substring(at + sought.length());
    }

    /** Where a text is in another from an index on; -1 if it is not. */
    static int indexOf(String text, String sought, int from, ExpressionBounds bounds) {
        if ((long) text.length() * sought.length() <= QUICK_SEARCH) {
            return text.indexOf(sought, from);
        }
        Matcher matcher = Pattern.compile(sought, Pattern.LITERAL).matcher(new TimedText(text, bounds));
        return from <= text.length() && matcher.find(from) ? matcher.start() : -1;
    }

    static @Nullable Object lowercase(Arguments arguments) {
        String text = arguments.text(0);
        return text == null ? null : LetterCase.lower(text);
    }

    static @Nullable Object uppercase(Arguments arguments) {
        String text = arguments.text(0);
        return text == null ? null : LetterCase.upper(text);
    }

    static @Nullable Object pad(Arguments arguments) {
        String text = arguments.text(0);
        Number width = arguments.number(1);
        String with = arguments.text(2);
        if (text == null || width == null) {
            return text;
        }
        long missing = Math.abs(width.longValue()) - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        if (missing > ValueSize.MAX_SIZE) {
            throw arguments.exceed("makes more than " + ValueSize.MAX_SIZE + " characters");
        }
        String padding = padding(with == null || with.isEmpty() ? " " : with, (int) missing);
        return width.longValue() < 0 ? padding + text : text + padding;
    }

    private static String padding(String with, int count) {
        int each = with.codePointCount(0, with.length());
        StringBuilder padding = new StringBuilder();
        padding.append(with.repeat(count / each));
        return padding.append(with, 0, with.offsetByCodePoints(0, count % each)).toString();
    }

    static @Nullable Object join(Arguments arguments) {
        List<@Nullable Object> texts = arguments.array(0);
        String separator = arguments.text(1);
        if (texts == null) {
            return null;
        }
        BoundedText joined = new BoundedText(arguments);
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0 && separator != null) {
                joined.append(separator);
            }
            if (!(texts.get(i) instanceof String text)) {
                throw arguments.mismatch(0);
            }
            joined.append(text);
        }
        return joined.toString();
    }

    static @Nullable Object url(Arguments arguments) {
        String text = arguments.text(0);
        if (text != null && text.length() > MAX_URL) {
            throw arguments.exceed("takes at most " + MAX_URL + " characters");
        }
        return arguments.library();
    }

    /** A text that is built up to the size that a value may have. */
    static final class BoundedText {
        private final StringBuilder text = new StringBuilder();
        private final Arguments arguments;

        BoundedText(Arguments arguments) {
            this.arguments = arguments;
        }

        BoundedText append(CharSequence more) {
            return append(more, 0, more.length());
        }

        BoundedText append(CharSequence more, int start, int end) {
            if (text.length() + end - start > ValueSize.MAX_SIZE) {
                throw arguments.exceed("makes more than " + ValueSize.MAX_SIZE + " characters");
            }
            text.append(more, start, end);
            return this;
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}

package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.LikeCharacters;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The form of a LIKE (CESQL 1.0, section 3.4.3) as the plainest test that it is: equal, prefix, suffix, or a form with wildcards. A
 * backslash before {@code %} and {@code _} makes them stand for themselves; any other backslash stands for itself.
 */
final class CesqlLike {
    private CesqlLike() {}

    /**
     * The test of a form.
     *
     * @throws IllegalArgumentException if it has more or longer pieces than allowed; the message says which
     */
    static ValueTest parse(String written) {
        List<int[]> pieces = pieces(written.codePoints().toArray());
        if (pieces.size() - 1 > Limits.MAX_STARS) {
            throw new IllegalArgumentException(
                    "a form with " + (pieces.size() - 1) + " times %; accepted are at most " + Limits.MAX_STARS);
        }
        if (pieces.stream().anyMatch(piece -> Arrays.stream(piece).anyMatch(c -> c == LikeForm.ANY))) {
            return new LikeCharacters(new LikeForm(written, pieces));
        }
        List<String> texts =
                pieces.stream().map(piece -> new String(piece, 0, piece.length)).toList();
        String first = texts.get(0);
        if (texts.size() == 1) {
            return Texts.of(first);
        }
        String last = texts.get(texts.size() - 1);
        if (texts.size() == 2 && last.isEmpty()) {
            return new Prefix(first, false);
        }
        return texts.size() == 2 && first.isEmpty() ? new Suffix(last, false) : new Like(Wildcard.of(written, texts));
    }

    /** What stands between the {@code %}, of which several in a row are one. */
    private static List<int[]> pieces(int[] form) {
        List<int[]> pieces = new ArrayList<>();
        int[] piece = new int[form.length];
        int length = 0;
        for (int i = 0; i < form.length; i++) {
            int c = form[i];
            if (c == '\\' && i + 1 < form.length && (form[i + 1] == '%' || form[i + 1] == '_')) {
                i++;
                piece[length++] = form[i];
            } else if (c != '%') {
                piece[length++] = c == '_' ? LikeForm.ANY : c;
            } else {
                if (length > 0 || pieces.isEmpty()) {
                    pieces.add(Arrays.copyOf(piece, length));
                }
                length = 0;
            }
        }
        pieces.add(Arrays.copyOf(piece, length));
        return pieces;
    }
}

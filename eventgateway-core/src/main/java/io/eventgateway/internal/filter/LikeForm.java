package io.eventgateway.internal.filter;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A form of CESQL's LIKE that has {@code _}: {@code %} stands for any characters, {@code _} for exactly one (CESQL 1.0, section
 * 3.4.3). A character is one of Unicode, so one beyond the basic plane counts once. Immutable.
 *
 * <p>As in {@link Wildcard}, each piece between two {@code %} takes the first place where it fits. Between the first piece and the
 * last, a piece is looked for by Shift-And (Baeza-Yates and Gonnet, "A New Approach to Text Searching", 1992): a bit for each
 * character of the piece says whether the piece fits up to there, so that a character of the text costs a few operations on words,
 * whatever the text and the form are.
 */
final class LikeForm {
    /** Stands in a piece for any character. */
    static final int ANY = -1;
    /** Characters of a piece that is looked for, so that its bits are few words. */
    static final int MAX_PIECE = 1_024;

    private final String written;
    private final int[] start;
    private final List<Piece> middle;
    /** The last piece; null when there is but one, which is all of the form. */
    private final int @Nullable [] end;

    /**
     * A form of the pieces between its {@code %}.
     *
     * @throws IllegalArgumentException if a piece is longer than allowed
     */
    LikeForm(String written, List<int[]> pieces) {
        int last = pieces.size() - 1;
        this.written = written;
        this.start = pieces.get(0);
        this.middle = last < 1
                ? List.of()
                : pieces.subList(1, last).stream().map(Piece::new).toList();
        this.end = last < 1 ? null : pieces.get(last);
    }

    /** What every match begins with. */
    String prefix() {
        int length = 0;
        while (length < start.length && start[length] != ANY) {
            length++;
        }
        return new String(start, 0, length);
    }

    /** What every match ends with. */
    String suffix() {
        int[] last = end == null ? start : end;
        int begin = last.length;
        while (begin > 0 && last[begin - 1] != ANY) {
            begin--;
        }
        return new String(last, begin, last.length - begin);
    }

    boolean matches(String text) {
        int[] characters = text.codePoints().toArray();
        if (end == null) {
            return characters.length == start.length && fits(start, characters, 0);
        }
        int limit = characters.length - end.length;
        if (limit < start.length || !fits(start, characters, 0) || !fits(end, characters, limit)) {
            return false;
        }
        int at = start.length;
        for (Piece piece : middle) {
            at = piece.endIn(characters, at, limit);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(int[] piece, int[] text, int at) {
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] != ANY && piece[i] != text[at + i]) {
                return false;
            }
        }
        return true;
    }

    /** A piece that is looked for. */
    private static final class Piece {
        private final int length;
        /** The characters of the piece in their order, each once. */
        private final int[] letters;
        /** The places in the piece that each of the letters fits, as bits. */
        private final long[][] places;
        /** The places that every other character fits. */
        private final long[] others;

        Piece(int[] piece) {
            if (piece.length > MAX_PIECE) {
                throw new IllegalArgumentException("a piece of " + piece.length
                        + " characters between two % of a form with _; accepted are at most " + MAX_PIECE);
            }
            this.length = piece.length;
            this.letters = Arrays.stream(piece)
                    .filter(c -> c != ANY)
                    .sorted()
                    .distinct()
                    .toArray();
            this.others = bits(piece, ANY);
            this.places = new long[letters.length][];
            for (int i = 0; i < letters.length; i++) {
                places[i] = bits(piece, letters[i]);
            }
        }

        private static long[] bits(int[] piece, int letter) {
            long[] bits = new long[(piece.length + Long.SIZE - 1) / Long.SIZE];
            for (int i = 0; i < piece.length; i++) {
                if (piece[i] == letter || piece[i] == ANY) {
                    bits[i / Long.SIZE] |= 1L << i;
                }
            }
            return bits;
        }

        /** The place after the first fit in a part of a text; negative when there is none. */
        int endIn(int[] text, int from, int to) {
            long[] fitting = new long[others.length];
            long last = 1L << (length - 1);
            for (int i = from; i < to; i++) {
                int letter = Arrays.binarySearch(letters, text[i]);
                long[] fit = letter < 0 ? others : places[letter];
                long carried = 1;
                for (int word = 0; word < fitting.length; word++) {
                    long before = fitting[word];
                    fitting[word] = ((before << 1) | carried) & fit[word];
                    carried = before >>> (Long.SIZE - 1);
                }
                if ((fitting[fitting.length - 1] & last) != 0) {
                    return i + 1;
                }
            }
            return -1;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LikeForm that && written.equals(that.written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    @Override
    public String toString() {
        return written;
    }
}

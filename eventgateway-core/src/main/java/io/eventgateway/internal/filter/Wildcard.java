package io.eventgateway.internal.filter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text with stars that stand for any characters, none included.
 *
 * <p>Matching takes the first place where each piece between two stars fits and never goes back: a piece that fits earlier leaves
 * more for those after it. Its time is that of finding each piece once, which is linear.
 */
final class Wildcard {
    private final String written;
    private final List<Needle> pieces;

    private Wildcard(String written, List<String> pieces) {
        this.written = written;
        this.pieces = pieces.stream().map(Needle::new).toList();
    }

    /** A form of the pieces between its stars. */
    static Wildcard of(String written, List<String> pieces) {
        return new Wildcard(written, pieces);
    }

    /**
     * The form that EventBridge writes: {@code *} for any characters, {@code \*} and {@code \\} for a star and a backslash.
     *
     * @throws IllegalArgumentException if there are two stars in a row, another character after a backslash, or more stars than allowed
     */
    static Wildcard parse(String written) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '*') {
                if (i > 0 && piece.isEmpty() && !pieces.isEmpty()) {
                    throw new IllegalArgumentException("two stars in a row at character " + i + "; one does");
                }
                pieces.add(piece.toString());
                piece.setLength(0);
            } else if (c == '\\') {
                char next = i + 1 < written.length() ? written.charAt(i + 1) : ' ';
                if (next != '*' && next != '\\') {
                    throw new IllegalArgumentException(
                            "a backslash at character " + i + " that is followed by neither a star nor a backslash");
                }
                piece.append(next);
                i++;
            } else {
                piece.append(c);
            }
        }
        pieces.add(piece.toString());
        if (pieces.size() - 1 > Limits.MAX_STARS) {
            throw new IllegalArgumentException(
                    (pieces.size() - 1) + " stars; at most " + Limits.MAX_STARS + " are allowed");
        }
        return new Wildcard(written, pieces);
    }

    /** What every match begins with. */
    String start() {
        return pieces.get(0).text();
    }

    /** What every match ends with. */
    String end() {
        return pieces.get(pieces.size() - 1).text();
    }

    /** The texts before, between and after the stars. */
    List<String> texts() {
        return pieces.stream().map(Needle::text).toList();
    }

    boolean hasStars() {
        return pieces.size() > 1;
    }

    /** Returns whether a text begins before the first star and ends behind the last one as it should; there has to be a star. */
    boolean fitsEnds(String text) {
        return text.length() >= start().length() + end().length() && text.startsWith(start()) && text.endsWith(end());
    }

    boolean matches(String text) {
        String start = start();
        if (!hasStars()) {
            return text.equals(start);
        }
        if (!fitsEnds(text)) {
            return false;
        }
        int at = start.length();
        int limit = text.length() - end().length();
        for (int i = 1; i < pieces.size() - 1; i++) {
            Needle piece = pieces.get(i);
            int found = piece.indexIn(text, at);
            if (found < 0 || found + piece.length() > limit) {
                return false;
            }
            at = found + piece.length();
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Wildcard that && pieces.equals(that.pieces);
    }

    @Override
    public int hashCode() {
        return pieces.hashCode();
    }

    @Override
    public String toString() {
        return written;
    }
}

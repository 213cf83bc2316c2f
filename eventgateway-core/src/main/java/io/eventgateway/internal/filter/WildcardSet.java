package io.eventgateway.internal.filter;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Wildcards of which a text may match one, tried in one pass over the text. Immutable.
 *
 * <p>As in {@link Wildcard}, each piece between two stars takes the first place where it fits. A wildcard waits for its first piece;
 * where that ends, it waits for the next. The time of a pass is that of an automaton that finds all pieces, and the number of pieces
 * that wildcards have been waiting for; it does not grow with the number of wildcards that wait.
 */
final class WildcardSet {
    /** Fewer are tried one by one, which for texts that nobody made to slow it down is quicker. */
    static final int FEW = 8;

    private static final int NOBODY = -1;

    private final Wildcard[] wildcards;
    private final TextAutomaton pieces;
    /** The numbers of each wildcard's pieces between two stars. */
    private final int[][] numbers;

    /** A set of wildcards that have a piece between two stars. */
    WildcardSet(List<Wildcard> wildcards) {
        this.wildcards = wildcards.toArray(Wildcard[]::new);
        this.pieces = new TextAutomaton(
                wildcards.stream().flatMap(each -> inner(each).stream()).collect(Collectors.toSet()));
        this.numbers = wildcards.stream()
                .map(each -> inner(each).stream().mapToInt(pieces::numberOf).toArray())
                .toArray(int[][]::new);
    }

    private static List<String> inner(Wildcard wildcard) {
        List<String> texts = wildcard.texts();
        return texts.size() < 3
                ? List.of()
                : texts.subList(1, texts.size() - 1).stream()
                        .filter(piece -> !piece.isEmpty())
                        .toList();
    }

    /** Returns whether a wildcard has a piece between two stars, which has to be looked for. */
    static boolean isFor(Wildcard wildcard) {
        return !inner(wildcard).isEmpty();
    }

    boolean isEmpty() {
        return wildcards.length == 0;
    }

    /** Returns whether a text matches one of the wildcards. */
    boolean matches(String text) {
        return !isEmpty() && new Pass(text).finds();
    }

    /** A pass over one text. */
    private final class Pass {
        private final String text;
        /** By number of a piece, the first wildcard that waits for it. */
        private final int[] firstWaiting = new int[pieces.size()];
        /** By wildcard, the next one that waits for the same piece. */
        private final int[] nextWaiting = new int[wildcards.length];
        /** By wildcard, how many of its pieces were found. */
        private final int[] found = new int[wildcards.length];
        /** By wildcard, where the piece that it waits for may begin. */
        private final int[] from = new int[wildcards.length];

        private int waiting;

        Pass(String text) {
            this.text = text;
            Arrays.fill(firstWaiting, NOBODY);
            for (int i = 0; i < wildcards.length; i++) {
                Wildcard wildcard = wildcards[i];
                if (wildcard.fitsEnds(text)) {
                    from[i] = wildcard.start().length();
                    await(i);
                    waiting++;
                }
            }
        }

        private void await(int wildcard) {
            int piece = numbers[wildcard][found[wildcard]];
            nextWaiting[wildcard] = firstWaiting[piece];
            firstWaiting[piece] = wildcard;
        }

        boolean finds() {
            int state = TextAutomaton.START;
            for (int i = 0; i < text.length() && waiting > 0; i++) {
                state = pieces.after(state, text.charAt(i));
                for (int end = pieces.longestEnding(state); end != TextAutomaton.NONE; end = pieces.nextEnding(end)) {
                    if (firstWaiting[pieces.textAt(end)] != NOBODY && ends(pieces.textAt(end), i + 1)) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** Returns whether a wildcard has its last piece now that a piece ends at a place. */
        private boolean ends(int piece, int place) {
            int begin = place - pieces.text(piece).length();
            int wildcard = firstWaiting[piece];
            firstWaiting[piece] = NOBODY;
            while (wildcard != NOBODY) {
                int next = nextWaiting[wildcard];
                if (begin < from[wildcard]) {
                    await(wildcard);
                } else if (place > text.length() - wildcards[wildcard].end().length()) {
                    waiting--;
                } else {
                    found[wildcard]++;
                    from[wildcard] = place;
                    if (found[wildcard] == numbers[wildcard].length) {
                        return true;
                    }
                    await(wildcard);
                }
                wildcard = next;
            }
            return false;
        }
    }
}

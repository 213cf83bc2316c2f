package io.eventgateway.internal.filter;

import java.util.Arrays;
import java.util.Collection;

/**
 * Texts that are all looked for in one pass over another text: the automaton of Aho and Corasick ("Efficient String Matching", 1975).
 * Immutable.
 *
 * <p>A state stands for what the other text ends with at a place: the longest beginning of one of the texts. States are numbered by
 * their length, so that the states that follow one are a range, in the order of their last characters. A state takes 18 bytes, and
 * there are no more of them than the texts have characters.
 */
final class TextAutomaton {
    static final int START = 0;
    /** Stands for no state, and for no text. */
    static final int NONE = -1;

    private static final int ASCII = 128;

    private final String[] texts;
    /** The last character of what each state stands for. */
    private char[] last;
    /** Where the states begin that are one character longer than each state; where they end, those of the next one begin. */
    private int[] firstLonger;
    /** The state of the longest ending of each state's text. */
    private final int[] shorter;
    /** The number of the text that each state stands for, or {@link #NONE}. */
    private int[] textAt;
    /** The nearest among a state and its endings that stands for a text, or {@link #NONE}. */
    private final int[] ending;

    private final int[] startByAscii = new int[ASCII];

    /** An automaton of texts, of which none is empty. */
    TextAutomaton(Collection<String> all) {
        texts = all.stream().distinct().sorted().toArray(String[]::new);
        int most = 1 + Arrays.stream(texts).mapToInt(String::length).sum();
        last = new char[most];
        firstLonger = new int[most + 1];
        textAt = new int[most];
        int states = makeStates(most);
        last = Arrays.copyOf(last, states);
        firstLonger = Arrays.copyOf(firstLonger, states + 1);
        textAt = Arrays.copyOf(textAt, states);
        shorter = new int[states];
        ending = new int[states];
        for (int c = 0; c < ASCII; c++) {
            startByAscii[c] = Math.max(START, longer(START, (char) c));
        }
        link();
    }

    /** Makes the states of a length from those that are one shorter, each of which has a range of the sorted texts. */
    private int makeStates(int most) {
        int[] from = new int[most];
        int[] to = new int[most];
        int[] depth = new int[most];
        to[START] = texts.length;
        int states = 1;
        for (int state = START; state < states; state++) {
            firstLonger[state] = states;
            int length = depth[state];
            int text = from[state];
            textAt[state] = NONE;
            if (text < to[state] && texts[text].length() == length) {
                textAt[state] = text;
                text++;
            }
            while (text < to[state]) {
                char next = texts[text].charAt(length);
                last[states] = next;
                depth[states] = length + 1;
                from[states] = text;
                while (text < to[state] && texts[text].charAt(length) == next) {
                    text++;
                }
                to[states] = text;
                states++;
            }
        }
        firstLonger[states] = states;
        return states;
    }

    private void link() {
        ending[START] = NONE;
        for (int state = START; state < last.length; state++) {
            if (state != START) {
                ending[state] = textAt[state] == NONE ? ending[shorter[state]] : state;
            }
            for (int next = firstLonger[state]; next < firstLonger[state + 1]; next++) {
                shorter[next] = state == START ? START : after(shorter[state], last[next]);
            }
        }
    }

    private int longer(int state, char next) {
        int low = firstLonger[state];
        int high = firstLonger[state + 1] - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            char found = last[middle];
            if (found == next) {
                return middle;
            }
            if (found < next) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return NONE;
    }

    /** The state after another character. */
    int after(int state, char next) {
        int from = state;
        while (from != START) {
            int longer = longer(from, next);
            if (longer != NONE) {
                return longer;
            }
            from = shorter[from];
        }
        return next < ASCII ? startByAscii[next] : Math.max(START, longer(START, next));
    }

    /** The state of the longest of the texts that end where a state is; {@link #NONE} when none does. */
    int longestEnding(int state) {
        return ending[state];
    }

    /** The state of the next shorter text that ends where a text does; {@link #NONE} when none does. */
    int nextEnding(int state) {
        return ending[shorter[state]];
    }

    /** The number of the text that a state stands for, from 0 on in their order. */
    int textAt(int state) {
        return textAt[state];
    }

    String text(int number) {
        return texts[number];
    }

    int numberOf(String text) {
        return Arrays.binarySearch(texts, text);
    }

    int size() {
        return texts.length;
    }
}

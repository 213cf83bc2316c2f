package io.eventgateway.internal.event;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds the known names that somebody may have meant who wrote another. */
public final class NearNames {
    private static final int MOST = 3;
    /** How many known names are compared with an unknown one, which may come from a client. */
    private static final int MOST_COMPARED = 1_000;

    private static final int LONGEST = 256;

    private NearNames() {}

    /** A hint at the known names that are near to an unknown one; the empty text when there are none. */
    public static String hint(String unknown, Collection<String> known) {
        List<String> near = near(unknown, known);
        return near.isEmpty()
                ? ""
                : "; did you mean " + near.stream().collect(Collectors.joining("' or '", "'", "'")) + "?";
    }

    /** The known names that are near to an unknown one, the nearest first. */
    public static List<String> near(String unknown, Collection<String> known) {
        String wanted = unknown.toLowerCase(Locale.ROOT);
        int far = Math.max(1, wanted.length() / 3);
        return known.stream()
                .limit(MOST_COMPARED)
                .filter(id -> distance(wanted, id.toLowerCase(Locale.ROOT), far) <= far)
                .sorted(Comparator.<String>comparingInt(id -> distance(wanted, id.toLowerCase(Locale.ROOT), far))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
    }

    /** The edit distance (Levenshtein); more than {@code far} where the lengths alone say so. */
    private static int distance(String a, String b, int far) {
        if (Math.abs(a.length() - b.length()) > far || a.length() > LONGEST || b.length() > LONGEST) {
            return far + 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

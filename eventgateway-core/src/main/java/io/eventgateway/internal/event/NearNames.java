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

    /**
     * The edit distance in which two letters that changed places are one edit (Damerau, "optimal string alignment"); more than {@code
     * far} where the lengths alone say so.
     */
    private static int distance(String a, String b, int far) {
        if (Math.abs(a.length() - b.length()) > far || a.length() > LONGEST || b.length() > LONGEST) {
            return far + 1;
        }
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                boolean isSame = a.charAt(i - 1) == b.charAt(j - 1);
                int least =
                        Math.min(rows[i - 1][j - 1] + (isSame ? 0 : 1), Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
                boolean isSwapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                rows[i][j] = isSwapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
            }
        }
        return rows[a.length()][b.length()];
    }
}

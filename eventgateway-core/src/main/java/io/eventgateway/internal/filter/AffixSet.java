package io.eventgateway.internal.filter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Beginnings, or endings, of which a text may have one: found in a time that grows with the logarithm of how many there are.
 * Immutable.
 *
 * <p>Affixes that begin (end) with another one are left out, since the other one decides. In the order of the rest nothing stands
 * between an affix and a text that has it, so the affix is the last that is not behind the text.
 */
final class AffixSet {
    private final String[] affixes;
    private final boolean endings;
    private final Comparator<String> order;

    /** A set of beginnings or of endings. */
    AffixSet(Collection<String> affixes, boolean endings) {
        this.endings = endings;
        this.order = endings ? AffixSet::compareFromTheEnd : Comparator.naturalOrder();
        List<String> kept = new ArrayList<>();
        for (String affix : affixes.stream().sorted(order).toList()) {
            String shorter = kept.isEmpty() ? null : kept.get(kept.size() - 1);
            if (shorter == null || !isAffixOf(shorter, /* text= */ affix)) {
                kept.add(affix);
            }
        }
        this.affixes = kept.toArray(String[]::new);
    }

    boolean isEmpty() {
        return affixes.length == 0;
    }

    /** Returns whether a text has one of the affixes. */
    boolean matches(String text) {
        int low = 0;
        int high = affixes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order.compare(affixes[middle], text) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && isAffixOf(affixes[low - 1], text);
    }

    private boolean isAffixOf(String affix, String text) {
        return endings ? text.endsWith(affix) : text.startsWith(affix);
    }

    private static int compareFromTheEnd(String one, String other) {
        int common = Math.min(one.length(), other.length());
        for (int i = 1; i <= common; i++) {
            int difference = Character.compare(one.charAt(one.length() - i), other.charAt(other.length() - i));
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}

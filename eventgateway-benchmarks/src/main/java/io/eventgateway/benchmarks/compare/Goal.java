package io.eventgateway.benchmarks.compare;

import org.jspecify.annotations.Nullable;

/**
 * What a row has to reach, and the issue that asks for it.
 *
 * @param kind what the limit is a limit of
 * @param limit the limit, which may be reached
 * @param peer the peer that the ratio is against; null for the best of them
 * @param issue the number of the issue
 */
record Goal(Kind kind, double limit, @Nullable String peer, int issue) {
    /** What a limit is a limit of. */
    enum Kind {
        RATIO,
        FIGURE
    }

    /** Returns the goal that our figure is at most, or where higher is better at least, this part of the best peer's. */
    static Goal ratio(double limit, int issue) {
        return new Goal(Kind.RATIO, limit, null, issue);
    }

    /** Returns the goal that our figure is at most, or where higher is better at least, this part of that peer's. */
    static Goal ratioTo(String peer, double limit, int issue) {
        return new Goal(Kind.RATIO, limit, peer, issue);
    }

    /** Returns the goal that our figure is at most, or where higher is better at least, this one in the row's unit. */
    static Goal figure(double limit, int issue) {
        return new Goal(Kind.FIGURE, limit, null, issue);
    }

    /** Returns the goal in words: "≤ 280 ns", "ratio ≤ 1" or "ratio to Guava ≥ 0.8". */
    String text(Better better, String unit) {
        String sign = better == Better.LOWER ? "≤ " : "≥ ";
        if (kind == Kind.FIGURE) {
            return (sign + Numbers.plain(limit) + " " + unit).strip();
        }
        return (peer == null ? "ratio " : "ratio to " + peer + " ") + sign + Numbers.plain(limit);
    }
}

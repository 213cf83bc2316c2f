package io.eventgateway.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A row of the table: what is measured of the gateway, of whom it is compared with, and what it has to reach.
 *
 * @param id what {@code --only} selects it by: its section, then what sets it apart, with dots between
 * @param what what is measured, in a sentence without its full stop
 * @param better which figure is the better one
 * @param contenders ours first
 * @param goals what has to be reached; empty where no issue says
 */
record Row(String id, String what, Better better, List<Contender> contenders, List<Goal> goals) {
    Row {
        contenders = List.copyOf(contenders);
        goals = List.copyOf(goals);
        if (contenders.isEmpty() || contenders.get(0).role() != Contender.Role.OURS) {
            throw new IllegalArgumentException("the first contender of row '" + id + "' must be ours");
        }
        for (Goal goal : goals) {
            if (goal.peer() != null
                    && contenders.stream().noneMatch(each -> each.name().equals(goal.peer()))) {
                throw new IllegalArgumentException(
                        "row '" + id + "' has a goal against '" + goal.peer() + "', which is none of its contenders");
            }
        }
    }

    /** Returns the part of the id before its first dot. */
    String section() {
        int dot = id.indexOf('.');
        return dot < 0 ? id : id.substring(0, dot);
    }

    Contender ours() {
        return contenders.get(0);
    }

    /** Begins a row in which the lower figure is the better one. */
    static Builder lower(String id, String what) {
        return new Builder(id, what, Better.LOWER);
    }

    /** Begins a row in which the higher figure is the better one. */
    static Builder higher(String id, String what) {
        return new Builder(id, what, Better.HIGHER);
    }

    /** Collects the parts of a row. Not thread-safe. */
    static final class Builder {
        private final String id;
        private final String what;
        private final Better better;
        private final List<Contender> contenders = new ArrayList<>();
        private final List<Goal> goals = new ArrayList<>();

        private Builder(String id, String what, Better better) {
            this.id = id;
            this.what = what;
            this.better = better;
        }

        Builder ours(String name, Source source) {
            contenders.add(new Contender(name, source, Contender.Role.OURS));
            return this;
        }

        Builder peer(String name, Source source) {
            contenders.add(new Contender(name, source, Contender.Role.PEER));
            return this;
        }

        Builder reference(String name, Source source) {
            contenders.add(new Contender(name, source, Contender.Role.REFERENCE));
            return this;
        }

        Builder goal(Goal goal) {
            goals.add(goal);
            return this;
        }

        Row build() {
            return new Row(id, what, better, contenders, goals);
        }
    }

    /** Returns the source of a benchmark's score. */
    static Source jmh(String benchmark, Map<String, String> params) {
        return new Source.Jmh(benchmark, params, Source.Jmh.SCORE);
    }
}

package io.eventgateway.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a row's results say. A pure function of the row and the results; it measures nothing.
 *
 * @param row the row
 * @param results the results of the contenders that were measured, by the keys of their sources
 */
record Verdict(Row row, Map<String, Result> results) {
    /** Whether a goal is met. */
    enum Answer {
        YES("yes"),
        NO("no"),
        /** The figure is on the right side of the limit, by less than the error. */
        BARELY("yes, within the error"),
        /** The figure is on the wrong side of the limit, by less than the error. */
        ALMOST("no, within the error"),
        UNKNOWN("not measured");

        private final String text;

        Answer(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Ours divided by a peer's.
     *
     * @param value the ratio
     * @param error half of the interval that follows from both errors, taken as independent of each other
     */
    record Ratio(double value, double error) {}

    /** Returns the result of a contender, if it was measured. */
    Optional<Result> result(Contender contender) {
        return Optional.ofNullable(results.get(contender.source().key()));
    }

    /** Returns our result, if it was measured. */
    Optional<Result> ours() {
        return result(row.ours());
    }

    /** Returns the peer with the best result; one that was not measured is none. */
    Optional<Contender> best() {
        return row.contenders().stream()
                .filter(each -> each.role() == Contender.Role.PEER)
                .filter(each -> result(each).isPresent())
                .reduce((a, b) -> better(b, a) ? b : a);
    }

    private boolean better(Contender a, Contender b) {
        double first = result(a).orElseThrow().value();
        double second = result(b).orElseThrow().value();
        return first != second && row.better().reaches(first, second);
    }

    /** Returns our figure divided by the best peer's, if both were measured. */
    Optional<Ratio> ratio() {
        return best().flatMap(this::ratioTo);
    }

    /** Returns our figure divided by that contender's, if both were measured. */
    Optional<Ratio> ratioTo(Contender other) {
        Optional<Result> theirs = result(other).filter(each -> each.value() != 0);
        return ours().flatMap(our -> theirs.map(their -> {
            double ratio = our.value() / their.value();
            double ourPart = our.value() == 0 ? 0 : our.error() / our.value();
            return new Ratio(ratio, ratio * Math.hypot(ourPart, their.error() / their.value()));
        }));
    }

    /** Returns whether a goal of the row is met. */
    Answer answer(Goal goal) {
        if (goal.kind() == Goal.Kind.FIGURE) {
            return ours().map(our -> answer(our.value(), our.error(), goal.limit()))
                    .orElse(Answer.UNKNOWN);
        }
        return opponent(goal)
                .flatMap(this::ratioTo)
                .map(ratio -> answer(ratio.value(), ratio.error(), goal.limit()))
                .orElse(Answer.UNKNOWN);
    }

    private Optional<Contender> opponent(Goal goal) {
        @Nullable String peer = goal.peer();
        return peer == null
                ? best()
                : row.contenders().stream()
                        .filter(each -> each.name().equals(peer))
                        .findFirst();
    }

    private Answer answer(double figure, double error, double limit) {
        boolean reached = row.better().reaches(figure, limit);
        boolean sure = Math.abs(figure - limit) >= error;
        if (reached) {
            return sure ? Answer.YES : Answer.BARELY;
        }
        return sure ? Answer.NO : Answer.ALMOST;
    }

    /** Returns the unit of the row's figures; empty while nothing was measured. */
    String unit() {
        return row.contenders().stream()
                .map(each -> results.get(each.source().key()))
                .filter(Objects::nonNull)
                .map(Result::unit)
                .findFirst()
                .orElse("");
    }

    /** Returns the answers to all goals, in their order. */
    List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        row.goals().forEach(goal -> answers.add(answer(goal)));
        return answers;
    }
}

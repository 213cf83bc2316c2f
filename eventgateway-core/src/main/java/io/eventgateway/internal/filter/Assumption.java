package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Combination;
import io.eventgateway.internal.filter.Condition.Computed;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Reach;
import io.eventgateway.internal.filter.Condition.StrictAnyOf;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.schema.Place;
import io.eventgateway.internal.schema.Values;
import io.eventgateway.internal.schema.Values.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of events for which some conditions hold and others do not: the values that there may be at paths. It takes too much
 * for possible rather than too little: where it says that no event can be so, none can.
 *
 * <p>Not thread-safe: assuming more changes it.
 */
final class Assumption {
    /** A path and how a test looks at it. */
    private record Looked(List<String> names, Reach reach) {}

    private final Place event;
    private final Map<Looked, Reachable> reached;
    /** The values at paths that have one value at most. */
    private final Map<Looked, Values> narrowed;

    private Assumption(Place event, Map<Looked, Reachable> reached, Map<Looked, Values> narrowed) {
        this.event = event;
        this.reached = reached;
        this.narrowed = narrowed;
    }

    /** Assumes nothing but what the place of events says. */
    static Assumption of(Place event) {
        return new Assumption(event, new HashMap<>(), new HashMap<>());
    }

    private Assumption copy() {
        return new Assumption(event, reached, new HashMap<>(narrowed));
    }

    private void become(Map<Looked, Values> values) {
        narrowed.clear();
        narrowed.putAll(values);
    }

    Reachable reachable(Test test) {
        return reached.computeIfAbsent(
                new Looked(test.path().names(), test.reach()),
                looked -> Reachable.at(event, looked.names(), looked.reach()));
    }

    /** Returns whether there may be such an event for which a condition comes out as wanted. Takes note of what it is like then. */
    boolean assume(Condition condition, boolean wanted) {
        if (condition instanceof Test test) {
            return assume(test, wanted);
        }
        if (condition instanceof Not not) {
            return assume(not.condition(), !wanted);
        }
        if (condition instanceof AllOf all) {
            return wanted ? each(all.conditions(), true) : one(all.conditions(), false);
        }
        if (condition instanceof AnyOf any) {
            return wanted ? one(any.conditions(), true) : each(any.conditions(), false);
        }
        if (condition instanceof StrictAnyOf any) {
            return wanted ? one(any.conditions(), true) : each(any.conditions(), false);
        }
        if (condition instanceof Consistent consistent) {
            return wanted
                    ? each(consistent.tests().tests(), true)
                    : consistent.tests().tests().stream()
                                    .anyMatch(test -> reachable(test).throughArrays())
                            || one(consistent.tests().tests(), false);
        }
        if (condition instanceof ErrorAsFalse certain) {
            return (!wanted && mayFail(certain.condition())) || assume(certain.condition(), wanted);
        }
        return condition instanceof Computed computed ? computed(computed, wanted) : true;
    }

    /** Returns whether there may be such an event for which a condition can't be evaluated. */
    boolean mayFail(Condition condition) {
        if (condition instanceof Test test) {
            Values values = values(test);
            return (test.absence() == Absence.IS_AN_ERROR && values.may(Kind.ABSENT))
                    || Narrowing.mayFail(test.wanted(), values.without(Kind.ABSENT));
        }
        if (condition instanceof Combination combination) {
            return combination.conditions().stream().anyMatch(this::mayFail);
        }
        if (condition instanceof Not not) {
            return mayFail(not.condition());
        }
        return !(condition instanceof Consistent || condition instanceof ErrorAsFalse);
    }

    /** An object is a value, and no leaf. No attribute is one. */
    private static Looked looked(Test test) {
        boolean isLeaf = test.reach() == Reach.LEAVES
                && test.path().names().get(0).equals(Path.DATA);
        return new Looked(test.path().names(), isLeaf ? Reach.LEAVES : Reach.VALUE);
    }

    private Values values(Test test) {
        Reachable found = reachable(test);
        Values known = found.throughArrays() ? null : narrowed.get(looked(test));
        return known == null ? found.values() : known;
    }

    private boolean assume(Test test, boolean wanted) {
        Reachable found = reachable(test);
        Values values = values(test);
        Values present = values.without(Kind.ABSENT);
        if (!wanted && found.throughArrays()) {
            return true;
        }
        Values left = wanted ? Narrowing.passing(test.wanted(), present) : Narrowing.failing(test.wanted(), present);
        boolean absentToo = test.absence() == (wanted ? Absence.PASSES : Absence.FAILS);
        if (absentToo && values.may(Kind.ABSENT)) {
            left = left.orAbsent();
        }
        if (left.isEmpty()) {
            return false;
        }
        if (!found.throughArrays()) {
            narrowed.put(looked(test), left);
        }
        return true;
    }

    /** Assumes that all of some come out as wanted; the plain ones first, which say most. */
    private boolean each(List<? extends Condition> conditions, boolean wanted) {
        List<Condition> later = new ArrayList<>();
        for (Condition condition : conditions) {
            if (condition instanceof Test) {
                if (!assume(condition, wanted)) {
                    return false;
                }
            } else {
                later.add(condition);
            }
        }
        for (Condition condition : later) {
            if (!assume(condition, wanted)) {
                return false;
            }
        }
        return true;
    }

    /** Assumes that at least one of some comes out as wanted. */
    private boolean one(List<? extends Condition> conditions, boolean wanted) {
        Map<Looked, Values> joined = null;
        for (Condition condition : conditions) {
            Assumption alternative = copy();
            if (alternative.assume(condition, wanted)) {
                joined = joined == null ? alternative.narrowed : joined(joined, alternative.narrowed);
            }
        }
        if (joined == null) {
            return false;
        }
        become(joined);
        return true;
    }

    private static Map<Looked, Values> joined(
            Map<Looked, Values> some, Map<Looked, Values> others) {
        Map<Looked, Values> joined = new HashMap<>();
        some.forEach((path, values) -> {
            Values other = others.get(path);
            if (other != null) {
                joined.put(path, values.or(other));
            }
        });
        return joined;
    }

    /** An expression without attributes has one value; what another one may be is not told. */
    private static boolean computed(Computed computed, boolean wanted) {
        Boolean known = constant(computed);
        return known == null || known == wanted;
    }

    private static @Nullable Boolean constant(Computed computed) {
        boolean[] looks = {false};
        computed.eachPath(path -> looks[0] = true);
        if (looks[0]) {
            return null;
        }
        try {
            return computed.holds(NoEvent.VIEW);
        } catch (Evaluation.Failed e) {
            return null;
        }
    }
}

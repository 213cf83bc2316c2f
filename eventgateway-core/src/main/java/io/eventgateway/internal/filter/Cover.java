package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.CastTest.AsBoolean;
import io.eventgateway.internal.filter.CastTest.AsInteger;
import io.eventgateway.internal.filter.CastTest.OnText;
import io.eventgateway.internal.filter.CastTest.OneOf;
import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.Combination;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.Key.Part;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.LikeCharacters;
import io.eventgateway.internal.filter.ValueTest.Null;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keys of which every event that matches a condition has at least one.
 *
 * @param operand the number of the operand that they come from, in the condition's {@link Conjunction}
 */
record Cover(int operand, List<Key> keys) {
    /** More keys than this are not worth having. */
    private static final int MOST_KEYS = 1_000;

    /** Which part of the events is expected to have one of the keys. */
    double cost(ToDoubleFunction<Key> cost) {
        return cost(keys, cost);
    }

    private static double cost(List<Key> keys, ToDoubleFunction<Key> cost) {
        double all = 0;
        for (Key key : keys) {
            all += cost.applyAsDouble(key);
        }
        return all;
    }

    /** The keys of a condition that cost least; null when it has none, and every event has to be tried. */
    static @Nullable List<Key> keys(Condition condition, ToDoubleFunction<Key> cost) {
        if (condition instanceof Test test) {
            return test.orAbsent() ? null : keys(test.path(), test.wanted());
        }
        if (condition instanceof Combination any && !(condition instanceof AllOf)) {
            return union(any.conditions(), cost);
        }
        if (condition instanceof ErrorAsFalse certain) {
            return keys(certain.condition(), cost);
        }
        if (condition instanceof Not not) {
            // where the attribute is missing there is an error, whose contrary is an error too
            return not.condition() instanceof Test test && test.absence() == Absence.IS_AN_ERROR
                    ? List.of(new Key.Anything(test.path()))
                    : null;
        }
        return condition instanceof AllOf || condition instanceof Consistent
                ? cheapest(new Conjunction(condition).covers(cost), cost)
                : null;
    }

    private static @Nullable List<Key> union(List<Condition> conditions, ToDoubleFunction<Key> cost) {
        Set<Key> all = new LinkedHashSet<>();
        for (Condition each : conditions) {
            List<Key> keys = keys(each, cost);
            if (keys == null) {
                return null;
            }
            all.addAll(keys);
        }
        return all.isEmpty() || all.size() > MOST_KEYS ? null : List.copyOf(all);
    }

    private static @Nullable List<Key> cheapest(List<Cover> covers, ToDoubleFunction<Key> cost) {
        List<Key> best = null;
        double lowest = Double.MAX_VALUE;
        for (Cover cover : covers) {
            double expected = cover.cost(cost);
            if (expected < lowest) {
                lowest = expected;
                best = cover.keys;
            }
        }
        return best;
    }

    private static @Nullable List<Key> keys(Path path, ValueTest wanted) {
        if (wanted instanceof Either either) {
            Set<Key> all = new LinkedHashSet<>();
            for (ValueTest each : either.tests()) {
                List<Key> keys = keys(path, each);
                if (keys == null || keys.get(0) instanceof Key.Anything) {
                    return keys;
                }
                all.addAll(keys);
            }
            return all.isEmpty() ? null : few(path, all);
        }
        if (wanted instanceof OnText onText) {
            return keys(path, onText.wanted()); // attributes are looked up by their texts too
        }
        if (wanted instanceof OneOf oneOf) {
            return keys(path, new Texts(oneOf.textsOfAll())); // and by the texts of what they are cast to
        }
        if (wanted instanceof Texts texts) {
            Set<Key> all = new LinkedHashSet<>();
            texts.texts().forEach(text -> all.add(Key.Strings.of(path, Part.ALL, text)));
            return few(path, all);
        }
        return List.of(key(path, wanted));
    }

    private static List<Key> few(Path path, Set<Key> keys) {
        return keys.size() > MOST_KEYS ? List.of(new Key.Anything(path)) : List.copyOf(keys);
    }

    private static Key key(Path path, ValueTest wanted) {
        if (wanted instanceof IgnoringCase same) {
            return Key.Strings.anyCase(path, Part.ALL, same.text());
        }
        if (wanted instanceof Prefix prefix && !prefix.text().isEmpty()) {
            return affix(path, Part.BEGINNING, prefix.text(), prefix.ignoreCase());
        }
        if (wanted instanceof Suffix suffix && !suffix.text().isEmpty()) {
            return affix(path, Part.END, suffix.text(), suffix.ignoreCase());
        }
        if (wanted instanceof Like like) {
            Wildcard form = like.form();
            if (!form.hasStars()) {
                return Key.Strings.of(path, Part.ALL, form.start());
            }
            if (form.start().length() >= form.end().length() && !form.start().isEmpty()) {
                return Key.Strings.of(path, Part.BEGINNING, form.start());
            }
            if (!form.end().isEmpty()) {
                return Key.Strings.of(path, Part.END, form.end());
            }
        }
        if (wanted instanceof LikeCharacters like) {
            String prefix = like.form().prefix();
            String suffix = like.form().suffix();
            if (!prefix.isEmpty() && prefix.length() >= suffix.length()) {
                return Key.Strings.of(path, Part.BEGINNING, prefix);
            }
            if (!suffix.isEmpty()) {
                return Key.Strings.of(path, Part.END, suffix);
            }
        }
        if (wanted instanceof Range range) {
            return new Key.Numbers(path, range);
        }
        if (wanted instanceof AsInteger number) {
            return new Key.Numbers(path, number.wanted());
        }
        if (wanted instanceof Bool bool) {
            return new Key.Truth(path, bool.wanted());
        }
        if (wanted instanceof AsBoolean bool) {
            return new Key.Truth(path, bool.wanted());
        }
        return wanted instanceof Null ? new Key.Nothing(path) : new Key.Anything(path);
    }

    private static Key affix(Path path, Part part, String text, boolean ignoreCase) {
        return ignoreCase ? Key.Strings.anyCase(path, part, text) : Key.Strings.of(path, part, text);
    }
}

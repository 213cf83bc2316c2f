package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.Key.Part;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.Null;
import io.eventgateway.internal.filter.ValueTest.OfTexts;
import io.eventgateway.internal.filter.ValueTest.OnText;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys of which every event that matches a condition has at least one.
 *
 * @param part which part of the condition's outermost conjunction they come from
 */
record Cover(int part, List<Key> keys) {
    /** More keys than this are not worth having. */
    private static final int MOST_KEYS = 1_000;

    /** Each cover of a condition alone is enough; none when every event has to be tried. */
    static List<Cover> alternatives(Condition condition) {
        List<? extends Condition> parts = condition instanceof AllOf all
                ? all.conditions()
                : condition instanceof Consistent consistent
                        ? consistent.tests().tests()
                        : List.of(condition);
        List<Cover> covers = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            List<Key> keys = keys(parts.get(i));
            if (keys != null) {
                covers.add(new Cover(i, keys));
            }
        }
        return List.copyOf(covers);
    }

    /** Null when there is no cover. */
    private static @Nullable List<Key> keys(Condition condition) {
        if (condition instanceof Test test) {
            return test.orAbsent() ? null : keys(test.path(), test.wanted());
        }
        if (condition instanceof AnyOf any) {
            Set<Key> all = new LinkedHashSet<>();
            for (Condition each : any.conditions()) {
                List<Key> keys = keys(each);
                if (keys == null) {
                    return null;
                }
                all.addAll(keys);
            }
            return all.isEmpty() || all.size() > MOST_KEYS ? null : List.copyOf(all);
        }
        List<Key> best = null;
        if (condition instanceof AllOf || condition instanceof Consistent) {
            double lowest = Double.MAX_VALUE;
            for (Cover cover : alternatives(condition)) {
                double guess = Selectivity.guess(cover.keys);
                if (guess < lowest) {
                    lowest = guess;
                    best = cover.keys;
                }
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
        if (wanted instanceof OfTexts ofTexts) {
            return keys(path, ofTexts.wanted());
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
        if (wanted instanceof Range range) {
            return new Key.Numbers(path, range);
        }
        if (wanted instanceof Bool bool) {
            return new Key.Truth(path, bool.wanted());
        }
        return wanted instanceof Null ? new Key.Nothing(path) : new Key.Anything(path);
    }

    private static Key affix(Path path, Part part, String text, boolean ignoreCase) {
        return ignoreCase ? Key.Strings.anyCase(path, part, text) : Key.Strings.of(path, part, text);
    }
}

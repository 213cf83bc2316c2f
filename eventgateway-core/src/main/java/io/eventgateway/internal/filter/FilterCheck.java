package io.eventgateway.internal.filter;

import io.eventgateway.internal.event.NearNames;
import io.eventgateway.internal.filter.Condition.Combination;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Present;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import io.eventgateway.internal.schema.Place;
import io.eventgateway.internal.schema.Values;
import io.eventgateway.internal.schema.Values.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says what of a filter can never match, or always does, for the events that there may be. What it says is so; it does not say all
 * that is so.
 */
public final class FilterCheck {
    private static final int MOST = 20;

    /**
     * A remark on a filter.
     *
     * @param isError whether no event passes the filter
     * @param names the path that it is about; empty for the whole filter
     * @param text a text in the filter that it is about; null for none
     * @param suggestion what was perhaps meant; null for none
     */
    public record Remark(
            boolean isError,
            List<String> names,
            @Nullable String text,
            String message,
            @Nullable String suggestion) {}

    private final Place event;
    private final String events;
    private final boolean isError;
    private final Assumption nothing;
    private final Set<Remark> remarks = new LinkedHashSet<>();

    private FilterCheck(Place event, String events, boolean isError) {
        this.event = event;
        this.events = events;
        this.isError = isError;
        this.nothing = Assumption.of(event);
    }

    /** What comes of a filter for all events that there may be. */
    public enum Outcome {
        NEVER,
        ALWAYS,
        DEPENDS
    }

    /** Tells what comes of a condition. */
    public static Outcome outcome(Condition condition, Place event) {
        if (!Assumption.of(event).assume(condition, true)) {
            return Outcome.NEVER;
        }
        Assumption free = Assumption.of(event);
        return !free.mayFail(condition) && !free.assume(condition, false) ? Outcome.ALWAYS : Outcome.DEPENDS;
    }

    /**
     * The remarks on a condition.
     *
     * @param events what the events are called in messages
     */
    public static List<Remark> remarks(Condition condition, Place event, String events) {
        Outcome outcome = outcome(condition, event);
        FilterCheck check = new FilterCheck(event, events, outcome == Outcome.NEVER);
        check.look(condition, false);
        if (outcome == Outcome.NEVER && check.remarks.stream().noneMatch(Remark::isError)) {
            check.add(new Remark(
                    true,
                    List.of(),
                    null,
                    events.isEmpty()
                            ? "no event can pass: its conditions contradict each other"
                            : "no event of " + events + " can pass: its conditions contradict each other or the schema",
                    null));
        }
        if (outcome == Outcome.ALWAYS && check.remarks.isEmpty()) {
            check.add(new Remark(
                    false,
                    List.of(),
                    null,
                    "every event" + (events.isEmpty() ? "" : " of " + events) + " passes",
                    null));
        }
        return List.copyOf(check.remarks);
    }

    private void add(Remark remark) {
        if (remarks.size() < MOST) {
            remarks.add(remark);
        }
    }

    private void look(Condition condition, boolean isNegated) {
        if (condition instanceof Test test) {
            look(test, isNegated);
        } else if (condition instanceof Consistent consistent) {
            consistent.tests().tests().forEach(test -> look(test, isNegated));
        } else if (condition instanceof Combination combination) {
            combination.conditions().forEach(each -> look(each, isNegated));
        } else if (condition instanceof Not not) {
            look(not.condition(), !isNegated);
        } else if (condition instanceof ErrorAsFalse certain) {
            look(certain.condition(), isNegated);
        }
    }

    private void look(Test test, boolean isNegated) {
        Reachable found = nothing.reachable(test);
        Values values = found.values();
        Values present = values.without(Kind.ABSENT);
        boolean mayBeAbsent = test.orAbsent() && values.may(Kind.ABSENT);
        if (found.missing() >= 0) {
            boolean isDead = !mayBeAbsent && !isNegated;
            add(new Remark(
                    isError && isDead,
                    test.path().names(),
                    null,
                    missing(test, found),
                    found.holder() == null ? suggestion(test.path().names(), found.missing()) : null));
            return;
        }
        lookForTypo(test.path().names());
        if (isNegated || present.isEmpty()) {
            return;
        }
        if (!mayBeAbsent && Narrowing.passing(test.wanted(), present).isEmpty()) {
            add(dead(isError, test, test.wanted(), present));
        } else if (test.wanted() instanceof Either either) {
            either.tests().forEach(each -> lookAtAlternative(test, each, present));
        } else if (test.wanted() instanceof Texts) {
            lookAtAlternative(test, test.wanted(), present);
        }
    }

    /** Remarks on a member of the data that a schema allows and does not name, where it names one that is spelled nearly so. */
    private void lookForTypo(List<String> names) {
        if (!names.get(0).equals(Path.DATA)) {
            return; // extensions may have any name
        }
        Place place = event.member(Path.DATA);
        for (int i = 1; i < names.size(); i++) {
            place = throughArrays(place);
            Set<String> known = place.names();
            if (!known.contains(names.get(i))
                    && !NearNames.near(names.get(i), known).isEmpty()) {
                String what = Path.of(names.subList(0, i + 1)).toString();
                add(new Remark(
                        false,
                        names,
                        null,
                        "the schema" + (events.isEmpty() ? "" : " of " + events) + " does not name " + what,
                        suggestion(names, i)));
                return;
            }
            place = place.member(names.get(i));
        }
    }

    private static Place throughArrays(Place place) {
        Place at = place;
        for (int level = 0;
                level < 4 && at.values().may(Kind.ARRAY) && !at.values().may(Kind.OBJECT);
                level++) {
            at = at.elements();
        }
        return at;
    }

    private void lookAtAlternative(Test test, ValueTest wanted, Values present) {
        if (wanted instanceof Texts texts && texts.texts().size() > 1) {
            for (String text : new TreeSet<>(texts.texts())) {
                if (Narrowing.passing(Texts.of(text), present).isEmpty()) {
                    add(dead(false, test, Texts.of(text), present));
                }
            }
        } else if (!(wanted instanceof ValueTest.InBlock)
                && Narrowing.passing(wanted, present).isEmpty()) { // of an address, another notation was written
            add(dead(false, test, wanted, present));
        }
    }

    private Remark dead(boolean error, Test test, ValueTest wanted, Values present) {
        String text = text(wanted);
        Set<String> texts = present.texts();
        List<String> near = text == null || texts == null ? List.of() : NearNames.near(text, texts);
        return new Remark(
                error,
                test.path().names(),
                text,
                test.path() + " can never be " + wanted + ": " + (events.isEmpty() ? "it is " : events + " has ")
                        + present,
                near.isEmpty() ? null : "did you mean \"" + near.get(0) + "\"?");
    }

    /** The text that is written in the filter; null for none. */
    private static @Nullable String text(ValueTest wanted) {
        if (wanted instanceof Texts texts) {
            return texts.texts().size() == 1 ? texts.texts().iterator().next() : null;
        }
        if (wanted instanceof CastTest.OnText on) {
            return text(on.wanted());
        }
        if (wanted instanceof IgnoringCase any) {
            return any.text();
        }
        return wanted instanceof Prefix prefix ? prefix.text() : wanted instanceof Suffix suffix ? suffix.text() : null;
    }

    private String missing(Test test, Reachable found) {
        List<String> names = test.path().names();
        int at = found.missing();
        String of = events.isEmpty() ? "" : " of " + events;
        if (at == names.size()) {
            return test.path() + " is an object in every event" + of
                    + ", and this compares values: name a member of it";
        }
        if (found.holder() != null) {
            return "nothing can be at " + test.path() + ": in every event" + of + ", " + Path.of(names.subList(0, at))
                    + " is " + found.holder();
        }
        Path known = Path.of(names.subList(0, at + 1));
        String rest = test.wanted() instanceof Present || at == names.size() - 1 ? "" : ", and so no " + test.path();
        return "no event" + of + " can have " + known + (found.pastArrays() ? " outside of an array" : "") + rest;
    }

    private @Nullable String suggestion(List<String> names, int at) {
        return at == names.size() ? null : suggestion(event, names, at);
    }

    /**
     * A suggestion for a path that can't be.
     *
     * @param at the index of the first name that can't be
     * @return null for none
     */
    public static @Nullable String suggestion(Place event, List<String> names, int at) {
        Place place = event;
        for (int i = 0; i < at; i++) {
            place = throughArrays(place).member(names.get(i));
        }
        Set<String> known = throughArrays(place).names();
        List<String> near = NearNames.near(names.get(at), known);
        if (near.isEmpty() && at == 0 && event.member(Path.DATA).names().contains(names.get(0))) {
            List<String> whole = new ArrayList<>(List.of(Path.DATA));
            whole.addAll(names);
            return "did you mean " + Path.of(whole) + "?";
        }
        if (near.isEmpty()) {
            return null;
        }
        List<String> meant = new ArrayList<>(names);
        meant.set(at, near.get(0));
        return "did you mean " + Path.of(meant) + "?";
    }
}

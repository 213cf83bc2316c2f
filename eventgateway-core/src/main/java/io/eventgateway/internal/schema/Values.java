package io.eventgateway.internal.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The values that there may be at a path: at least all that there can be, since what is not understood is taken for possible. So what
 * is not among them is surely impossible. Immutable.
 */
public final class Values {
    /** Kinds of values, with {@code ABSENT} for none. */
    public enum Kind {
        ABSENT,
        NULL,
        TRUE,
        FALSE,
        NUMBER,
        STRING,
        ARRAY,
        OBJECT
    }

    private static final Set<Kind> EVERY = EnumSet.complementOf(EnumSet.of(Kind.ABSENT));
    private static final int MOST_LISTED = 1_000;

    /** Any value. */
    public static final Values ANY = new Values(new Builder().kinds(EVERY));
    /** Nothing is there. */
    public static final Values ABSENT = new Values(new Builder().kinds(EnumSet.of(Kind.ABSENT)));
    /** Not even nothing: a contradiction. */
    public static final Values NONE = new Values(new Builder().kinds(EnumSet.noneOf(Kind.class)));
    /** Any string. */
    public static final Values STRINGS = ANY.only(Kind.STRING);

    private final EnumSet<Kind> kinds;
    private final boolean isWhole;
    private final Numbers range;
    private final @Nullable Set<BigDecimal> numbers;
    private final @Nullable Set<String> texts;
    private final int minLength;
    private final int maxLength;
    private final String prefix;
    private final String suffix;
    private final Set<TextForm> forms;
    /** The integers that a string says; null where it may be any string. */
    private final @Nullable Numbers said;

    static final class Builder {
        private EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        private boolean isWhole;
        private Numbers range = Numbers.ALL;
        private @Nullable Set<BigDecimal> numbers;
        private @Nullable Set<String> texts;
        private int minLength;
        private int maxLength = Integer.MAX_VALUE;
        private String prefix = "";
        private String suffix = "";
        private Set<TextForm> forms = Set.of();
        private @Nullable Numbers said;

        Builder kinds(Set<Kind> some) {
            kinds = some.isEmpty() ? EnumSet.noneOf(Kind.class) : EnumSet.copyOf(some);
            return this;
        }

        Builder wholeIf(boolean whole) {
            isWhole = whole;
            return this;
        }

        Builder range(Numbers interval) {
            range = interval;
            return this;
        }

        Builder numbers(@Nullable Set<BigDecimal> some) {
            numbers = some == null || some.size() > MOST_LISTED ? null : some;
            return this;
        }

        Builder texts(@Nullable Set<String> some) {
            texts = some == null || some.size() > MOST_LISTED ? null : some;
            return this;
        }

        Builder length(int min, int max) {
            minLength = min;
            maxLength = max;
            return this;
        }

        Builder prefix(String text) {
            prefix = text;
            return this;
        }

        Builder suffix(String text) {
            suffix = text;
            return this;
        }

        Builder forms(Set<TextForm> some) {
            forms = some;
            return this;
        }

        Builder said(@Nullable Numbers integers) {
            said = integers;
            return this;
        }

        Values build() {
            return new Values(this);
        }
    }

    private Values(Builder made) {
        this.kinds = EnumSet.copyOf(made.kinds);
        this.isWhole = made.isWhole;
        this.range = made.range;
        this.prefix = made.prefix;
        this.suffix = made.suffix;
        this.minLength =
                Math.max(made.minLength, Math.max(length(prefix), length(suffix)));
        this.maxLength = made.maxLength;
        this.forms = made.forms;
        this.said = made.said;
        Set<BigDecimal> listed = made.numbers;
        this.numbers = listed == null || !kinds.contains(Kind.NUMBER) ? null : kept(listed, this::isInRange);
        Set<String> strings = made.texts;
        this.texts = strings == null || !kinds.contains(Kind.STRING) ? null : kept(strings, this::mayBeText);
        boolean noNumber = numbers != null
                ? numbers.isEmpty()
                : range.isEmpty() || (isWhole && range.hasNoWhole());
        if (noNumber) {
            kinds.remove(Kind.NUMBER);
        }
        boolean noString = texts != null
                ? texts.isEmpty()
                : minLength > maxLength || (said != null && (said.isEmpty() || said.hasNoWhole()));
        if (noString) {
            kinds.remove(Kind.STRING);
        }
    }

    private static <T> Set<T> kept(Set<T> from, Predicate<T> wanted) {
        Set<T> kept = new LinkedHashSet<>();
        from.forEach(each -> {
            if (wanted.test(each)) {
                kept.add(each);
            }
        });
        return kept;
    }

    private Builder builder() {
        return new Builder()
                .kinds(kinds)
                .range(range)
                .numbers(numbers)
                .texts(texts)
                .length(minLength, maxLength)
                .prefix(prefix)
                .suffix(suffix)
                .forms(forms)
                .said(said)
                .wholeIf(isWhole);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private boolean isInRange(BigDecimal number) {
        return range.contains(number) && (!isWhole || isWhole(number));
    }

    private static boolean isWhole(BigDecimal number) {
        return number.signum() == 0 || number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
    }

    private boolean mayBeText(String text) {
        int length = length(text);
        return length >= minLength
                && length <= maxLength
                && text.startsWith(prefix)
                && text.endsWith(suffix)
                && forms.stream().allMatch(form -> form.mayMatch(text));
    }

    /** Some texts alone. */
    public static Values ofTexts(Set<String> texts) {
        return STRINGS.andTexts(texts);
    }

    /** Returns whether there may be a value of a kind. */
    public boolean may(Kind kind) {
        return kinds.contains(kind);
    }

    /** The kinds that there may be. Unmodifiable. */
    public Set<Kind> kinds() {
        return Set.copyOf(kinds);
    }

    /** Returns whether there can't be anything, nor nothing. */
    public boolean isEmpty() {
        return kinds.isEmpty();
    }

    /** Returns whether nothing is there, surely. */
    public boolean isAbsent() {
        return kinds.size() == 1 && kinds.contains(Kind.ABSENT);
    }

    /** All strings that there may be; null when they can't be listed. */
    public @Nullable Set<String> texts() {
        return kinds.contains(Kind.STRING) ? texts : Set.of();
    }

    /** All numbers that there may be; null when they can't be listed. */
    public @Nullable Set<BigDecimal> numbers() {
        return kinds.contains(Kind.NUMBER) ? numbers : Set.of();
    }

    /** The interval of the numbers. */
    public Numbers range() {
        return range;
    }

    /** Returns whether all numbers are whole ones. */
    public boolean isWhole() {
        return isWhole;
    }

    /** What every string begins with. */
    public String prefix() {
        return prefix;
    }

    /** What every string ends with. */
    public String suffix() {
        return suffix;
    }

    /** The most characters of Unicode that a string has. */
    public int maxLength() {
        return maxLength;
    }

    /** The fewest characters of Unicode that a string has. */
    public int minLength() {
        return minLength;
    }

    Set<TextForm> forms() {
        return forms;
    }

    /** These values, as far as they are of a kind. */
    public Values only(Kind kind) {
        return builder().kinds(kinds.contains(kind) ? EnumSet.of(kind) : EnumSet.noneOf(Kind.class)).build();
    }

    /** These values without those of some kinds. */
    public Values without(Kind... some) {
        EnumSet<Kind> left = EnumSet.copyOf(kinds);
        for (Kind kind : some) {
            left.remove(kind);
        }
        return left.size() == kinds.size() ? this : builder().kinds(left).build();
    }

    /** These values, or nothing. */
    public Values orAbsent() {
        EnumSet<Kind> more = EnumSet.copyOf(kinds);
        return more.add(Kind.ABSENT) ? builder().kinds(more).build() : this;
    }

    /** These values, or another kind of which nothing is known. */
    Values or(Kind kind) {
        return or(ANY.only(kind));
    }

    /** These values, where strings are of some texts. */
    public Values andTexts(Set<String> some) {
        return builder().texts(texts == null ? some : kept(texts, some::contains)).build();
    }

    /** These values without some strings. */
    public Values withoutTexts(Predicate<String> unwanted) {
        return texts == null ? this : builder().texts(kept(texts, unwanted.negate())).build();
    }

    /** These values without some numbers. */
    public Values withoutNumbers(Predicate<BigDecimal> unwanted) {
        return numbers == null ? this : builder().numbers(kept(numbers, unwanted.negate())).build();
    }

    /** These values, where numbers are of an interval. */
    public Values andRange(Numbers interval) {
        return builder().range(range.and(interval)).build();
    }

    /** These values, where numbers are not of an interval. */
    public Values withoutRange(Numbers interval) {
        return interval.covers(range)
                ? without(Kind.NUMBER)
                : withoutNumbers(interval::contains).builder().range(range.without(interval)).build();
    }

    /** These values, where a string begins with a text. */
    public Values andPrefix(String text) {
        if (text.startsWith(prefix)) {
            return builder().prefix(text).build();
        }
        return prefix.startsWith(text) ? this : without(Kind.STRING);
    }

    /** These values, where a string ends with a text. */
    public Values andSuffix(String text) {
        if (text.endsWith(suffix)) {
            return builder().suffix(text).build();
        }
        return suffix.endsWith(text) ? this : without(Kind.STRING);
    }

    /** These values, where a string has a number of characters at least. */
    public Values andMinLength(int length) {
        return length <= minLength ? this : builder().length(length, maxLength).build();
    }

    /** These values, where a string says an integer of an interval. */
    public Values andSaid(Numbers integers) {
        return builder().said(said == null ? integers : said.and(integers)).build();
    }

    /** The values that are among these and among others. */
    public Values and(Values other) {
        if (this == other || other == ANY) {
            return other == ANY ? without(Kind.ABSENT) : this;
        }
        EnumSet<Kind> both = EnumSet.copyOf(kinds);
        both.retainAll(other.kinds);
        Values joined = builder().kinds(both).build().andPrefix(other.prefix).andSuffix(other.suffix);
        Set<TextForm> all = new LinkedHashSet<>(forms);
        all.addAll(other.forms);
        Builder made = joined.builder()
                .wholeIf(isWhole || other.isWhole)
                .range(range.and(other.range))
                .numbers(common(numbers, other.numbers))
                .texts(common(texts, other.texts))
                .length(/* min= */ Math.max(joined.minLength, other.minLength), /* max= */ Math.min(maxLength, other.maxLength))
                .forms(all)
                .said(said == null ? other.said : other.said == null ? said : said.and(other.said));
        return made.build();
    }

    private static <T> @Nullable Set<T> common(@Nullable Set<T> some, @Nullable Set<T> others) {
        return some == null ? others : others == null ? some : kept(some, others::contains);
    }

    /** The values that are among these or among others. */
    public Values or(Values other) {
        if (this == other || other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        EnumSet<Kind> either = EnumSet.copyOf(kinds);
        either.addAll(other.kinds);
        Builder made = new Builder().kinds(either);
        joinNumbers(other, made);
        joinStrings(other, made);
        return made.build();
    }

    private void joinNumbers(Values other, Builder made) {
        if (!may(Kind.NUMBER) || !other.may(Kind.NUMBER)) {
            Values one = may(Kind.NUMBER) ? this : other;
            made.wholeIf(one.isWhole).range(one.range).numbers(one.numbers);
            return;
        }
        made.wholeIf(isWhole && other.isWhole)
                .range(range.or(other.range))
                .numbers(numbers == null || other.numbers == null ? null : union(numbers, other.numbers));
        if (numbers == null ^ other.numbers == null) {
            made.range(Numbers.ALL); // the listed ones may be outside of it
            made.isWhole = false;
        }
    }

    private void joinStrings(Values other, Builder made) {
        if (!may(Kind.STRING) || !other.may(Kind.STRING)) {
            Values one = may(Kind.STRING) ? this : other;
            made.texts(one.texts)
                    .length(one.minLength, one.maxLength)
                    .prefix(one.prefix)
                    .suffix(one.suffix)
                    .forms(one.forms)
                    .said(one.said);
            return;
        }
        Set<TextForm> common = new HashSet<>(forms);
        common.retainAll(other.forms);
        made.texts(texts == null || other.texts == null ? null : union(texts, other.texts))
                .length(Math.min(minLength, other.minLength), Math.max(maxLength, other.maxLength))
                .prefix(prefix.equals(other.prefix) ? prefix : "")
                .suffix(suffix.equals(other.suffix) ? suffix : "")
                .forms(common)
                .said(said == null || other.said == null ? null : said.or(other.said));
    }

    private static <T> Set<T> union(Set<T> some, Set<T> others) {
        Set<T> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** All values as JSON, in an order; empty when they can't be listed. */
    List<String> listed() {
        Set<String> strings = texts();
        Set<BigDecimal> all = numbers();
        if (strings == null || all == null || may(Kind.ARRAY) || may(Kind.OBJECT)) {
            return List.of();
        }
        List<String> listed = new ArrayList<>();
        new TreeSet<>(strings).forEach(text -> listed.add(SchemaText.quoted(text)));
        new TreeSet<>(all).forEach(number -> listed.add(number.toString()));
        for (Kind kind : List.of(Kind.FALSE, Kind.TRUE, Kind.NULL)) {
            if (may(kind)) {
                listed.add(SchemaText.word(kind));
            }
        }
        return listed;
    }

    /** The types of JSON Schema that there may be; empty when every one may be. */
    Set<String> types() {
        Set<String> types = new TreeSet<>();
        kinds.forEach(kind -> {
            if (kind != Kind.ABSENT) {
                types.add(kind == Kind.NUMBER && isWhole ? "integer" : SchemaText.typeOf(kind));
            }
        });
        return kinds.containsAll(EVERY) ? Set.of() : types;
    }

    /** What there may be, for people: {@code a string, one of "paid", "open"}. */
    @Override
    public String toString() {
        return SchemaText.describe(this);
    }

    /** Returns whether a string may be any. */
    boolean isOfAnyText() {
        return texts == null && minLength == 0 && maxLength == Integer.MAX_VALUE && forms.isEmpty();
    }
}

package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.eventgateway.Subscriptions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pause of a subscription: who paused it, why, since when and until when. An immutable value with a JSON form, which is the
 * member {@code paused} of the subscription's. See {@link Subscriptions#pause(String, Pause)}.
 */
@JsonAutoDetect(
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        fieldVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"since", "until", "by", "reason"})
public final class Pause {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_REASON = 1_000;
    /** Four-digit years, as RFC 3339 and databases have them. */
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Pause UNTIL_RESUMED = new Pause(null, null, null, null);

    private final @Nullable Instant since;
    private final @Nullable Instant until;
    private final @Nullable String by;
    private final @Nullable String reason;

    private Pause(@Nullable Instant since, @Nullable Instant until, @Nullable String by, @Nullable String reason) {
        this.since = checkedTime("since", since);
        this.until = checkedTime("until", until);
        this.by = checkedText("by", by, LONGEST_NAME);
        this.reason = checkedText("reason", reason, LONGEST_REASON);
        if (since != null && until != null && !until.isAfter(since)) {
            throw new IllegalArgumentException(
                    "until must be after the beginning of the pause, " + since + ", was " + until);
        }
    }

    /** A pause that ends when the subscription is resumed. */
    public static Pause untilResumed() {
        return UNTIL_RESUMED;
    }

    /**
     * A pause that ends by itself at a time, or before when the subscription is resumed.
     *
     * @throws IllegalArgumentException if the time is not in the years 0 to 9999
     */
    public static Pause until(Instant time) {
        return UNTIL_RESUMED.withUntil(time);
    }

    @JsonCreator
    static Pause fromJson(
            @JsonProperty("since") @Nullable String since,
            @JsonProperty("until") @Nullable String until,
            @JsonProperty("by") @Nullable String by,
            @JsonProperty("reason") @Nullable String reason) {
        return new Pause(time("since", since), time("until", until), by, reason);
    }

    /**
     * This pause with the time at which it ends by itself.
     *
     * @throws IllegalArgumentException if the time is not after {@link #since()}, or not in the years 0 to 9999
     */
    public Pause withUntil(Instant time) {
        return new Pause(since, Objects.requireNonNull(time, "until must not be null"), by, reason);
    }

    /**
     * This pause with who paused the subscription: a person, a team or a program.
     *
     * @throws IllegalArgumentException if the name is blank, longer than 256 characters or has control characters
     */
    public Pause withBy(String name) {
        return new Pause(since, until, Objects.requireNonNull(name, "by must not be null"), reason);
    }

    /**
     * This pause with why the subscription is paused. The reason is logged and stored; don't put secrets into it.
     *
     * @throws IllegalArgumentException if the text is blank, longer than 1,000 characters or has control characters
     */
    public Pause withReason(String text) {
        return new Pause(since, until, by, Objects.requireNonNull(text, "reason must not be null"));
    }

    /**
     * This pause with the time at which it began. A gateway sets it when it pauses a subscription.
     *
     * @throws IllegalArgumentException if the time is not before {@link #until()}, or not in the years 0 to 9999
     */
    public Pause withSince(Instant time) {
        return new Pause(Objects.requireNonNull(time, "since must not be null"), until, by, reason);
    }

    /** When the pause began; null in a pause that no gateway has begun. */
    public @Nullable Instant since() {
        return since;
    }

    /** When the pause ends by itself; null when only {@link Subscriptions#resume} ends it. */
    public @Nullable Instant until() {
        return until;
    }

    /** The person, team or program that paused the subscription; null when that was not said. */
    @JsonProperty
    public @Nullable String by() {
        return by;
    }

    /** Why the subscription is paused; null when that was not said. */
    @JsonProperty
    public @Nullable String reason() {
        return reason;
    }

    /** Returns whether the pause has not ended by itself at a time. */
    public boolean isOnAt(Instant time) {
        return until == null || time.isBefore(until);
    }

    @JsonProperty("since")
    @Nullable String sinceText() {
        return since == null ? null : since.toString();
    }

    @JsonProperty("until")
    @Nullable String untilText() {
        return until == null ? null : until.toString();
    }

    private static @Nullable Instant time(String what, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    what + " must be a time such as 2026-01-31T12:00:00Z (ISO 8601), was '"
                            + (text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "...") + "'",
                    e);
        }
    }

    private static @Nullable Instant checkedTime(String what, @Nullable Instant time) {
        if (time != null && (time.isBefore(FIRST) || time.isAfter(LAST))) {
            throw new IllegalArgumentException(what + " must be in the years 0 to 9999, was " + time);
        }
        return time;
    }

    private static @Nullable String checkedText(String what, @Nullable String text, int longest) {
        if (text != null && (text.isBlank() || text.length() > longest)) {
            throw new IllegalArgumentException(
                    what + " must be 1 to " + longest + " characters that are not all blank, had " + text.length());
        }
        if (text != null && text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " must be one line without control characters");
        }
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Pause that
                && Objects.equals(since, that.since)
                && Objects.equals(until, that.until)
                && Objects.equals(by, that.by)
                && Objects.equals(reason, that.reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(since, until, by, reason);
    }

    /** The pause for people: {@code paused since 2026-01-01T08:00:00Z until 2026-01-01T09:00:00Z by ops: the mail server moves}. */
    @Override
    public String toString() {
        return "paused"
                + (since == null ? "" : " since " + since)
                + (until == null ? "" : " until " + until)
                + (by == null ? "" : " by " + by)
                + (reason == null ? "" : ": " + reason);
    }
}

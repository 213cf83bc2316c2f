package io.eventgateway;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that looks wrong in what is registered: a filter that can't match, a path that can't exist, a type that nobody emits.
 * Nothing was delivered or refused for it. An immutable value.
 */
public final class Finding {
    /** How bad it is. */
    public enum Severity {
        /** It can't work: no valid event of the type matches, or what is wanted is never there. */
        ERROR,
        /** It works otherwise than it looks: a filter that every event passes, a type that nobody subscribes to. */
        WARNING
    }

    private final Severity severity;
    private final String about;
    private final @Nullable String subscriptionId;
    private final @Nullable String eventType;
    private final @Nullable String position;
    private final String message;
    private final @Nullable String suggestion;

    private Finding(
            Severity severity,
            String about,
            @Nullable String subscriptionId,
            @Nullable String eventType,
            @Nullable String position,
            String message,
            @Nullable String suggestion) {
        this.severity = Objects.requireNonNull(severity, "severity");
        this.about = Objects.requireNonNull(about, "about");
        this.subscriptionId = subscriptionId;
        this.eventType = eventType;
        this.position = position;
        this.message = Objects.requireNonNull(message, "message");
        this.suggestion = suggestion;
    }

    /**
     * A finding about a subscription.
     *
     * @param part the part of the subscription: {@code filter}, {@code transform}, {@code orderBy}
     * @param position where in the text of that part: a JSON Pointer or {@code line 1, column 8}; null where it has no text
     * @param suggestion what was perhaps meant; null for none
     */
    static Finding ofSubscription(
            Severity severity,
            String subscriptionId,
            @Nullable String eventType,
            String part,
            @Nullable String position,
            String message,
            @Nullable String suggestion) {
        return new Finding(severity, part, subscriptionId, eventType, position, message, suggestion);
    }

    /** A finding about what is registered as a whole: {@code about} is {@code event type}, {@code function} or {@code cycle}. */
    static Finding ofRouting(
            Severity severity, String about, @Nullable String eventType, String message, @Nullable String suggestion) {
        return new Finding(severity, about, null, eventType, null, message, suggestion);
    }

    /** How bad it is. */
    public Severity severity() {
        return severity;
    }

    /** What it is about: {@code filter}, {@code transform}, {@code orderBy}, {@code function}, {@code event type}, {@code cycle}. */
    public String about() {
        return about;
    }

    /** The subscription; null where it is about none. */
    public @Nullable String subscriptionId() {
        return subscriptionId;
    }

    /** The registered event type whose schema it comes from; null where it comes from none. */
    public @Nullable String eventType() {
        return eventType;
    }

    /** Where it is in the text of the filter or transform: a JSON Pointer, or {@code line 1, column 8}; null where that says nothing. */
    public @Nullable String position() {
        return position;
    }

    /** What is wrong, as a sentence for people. Holds no event data. */
    public String message() {
        return message;
    }

    /** What was perhaps meant, such as {@code did you mean data.total?}; null for none. */
    public @Nullable String suggestion() {
        return suggestion;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Finding that
                && severity == that.severity
                && about.equals(that.about)
                && Objects.equals(subscriptionId, that.subscriptionId)
                && Objects.equals(eventType, that.eventType)
                && Objects.equals(position, that.position)
                && message.equals(that.message)
                && Objects.equals(suggestion, that.suggestion);
    }

    @Override
    public int hashCode() {
        return Objects.hash(severity, about, subscriptionId, eventType, position, message, suggestion);
    }

    /** All of it as one line for people. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(severity.toString()).append(": ").append(about);
        if (subscriptionId != null) {
            out.append(" of subscription '").append(subscriptionId).append('\'');
        }
        if (position != null && !position.isEmpty()) {
            out.append(" at ").append(position);
        }
        out.append(": ").append(message);
        if (suggestion != null) {
            out.append("; ").append(suggestion);
        }
        return out.toString();
    }
}

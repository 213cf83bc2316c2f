package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which failures are tried again. An immutable value with a JSON form.
 *
 * <p>The most precise part that is given decides: the predicate; else, for a failure with a status code, the status codes; else
 * the kinds; and where none is given, the failure itself, by {@link InvocationException#retryable()}.
 *
 * @param kinds the kinds of failure; empty when they don't matter
 * @param statusCodes the status codes, 100 to 599; empty when they don't matter
 * @param predicate the name that a predicate was given by {@link EventGateway.Builder#retryPredicate}; null for none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetryOn(
        Set<InvocationException.Kind> kinds,
        Set<Integer> statusCodes,
        @Nullable String predicate) {
    private static final RetryOn RETRYABLE = new RetryOn(Set.of(), Set.of(), null);
    private static final int FIRST_STATUS = 100;
    private static final int LAST_STATUS = 599;

    /** Copies the sets and checks the status codes. */
    public RetryOn {
        kinds = kinds.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(kinds));
        statusCodes = Collections.unmodifiableSet(new TreeSet<>(statusCodes));
        for (int code : statusCodes) {
            if (code < FIRST_STATUS || code > LAST_STATUS) {
                throw new IllegalArgumentException(
                        "statusCodes must be " + FIRST_STATUS + " to " + LAST_STATUS + ", had " + code);
            }
        }
    }

    @JsonCreator
    static RetryOn fromJson(
            @JsonProperty("kinds") @Nullable Set<InvocationException.Kind> kinds,
            @JsonProperty("statusCodes") @Nullable Set<Integer> statusCodes,
            @JsonProperty("predicate") @Nullable String predicate) {
        return new RetryOn(kinds == null ? Set.of() : kinds, statusCodes == null ? Set.of() : statusCodes, predicate);
    }

    /** Whatever says of itself that it is retryable. */
    public static RetryOn retryable() {
        return RETRYABLE;
    }

    /** These kinds, whatever the failures say of themselves. */
    public static RetryOn kinds(InvocationException.Kind... kinds) {
        return new RetryOn(Set.copyOf(Arrays.asList(kinds)), Set.of(), null);
    }

    /** These status codes; a failure without one, if it says that it is retryable. */
    public static RetryOn statusCodes(int... codes) {
        return new RetryOn(Set.of(), Arrays.stream(codes).boxed().collect(Collectors.toSet()), null);
    }

    /** What a predicate of that name says. */
    public static RetryOn predicate(String name) {
        return new RetryOn(Set.of(), Set.of(), name);
    }
}

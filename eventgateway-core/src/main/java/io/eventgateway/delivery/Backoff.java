package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.eventgateway.internal.json.ValueJson;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a delivery waits after a failed attempt. An immutable value with a JSON form ({@code {"type":"exponential",...}}).
 *
 * <p>Delays are zero to a day. Chance is an argument, so that the same arguments always give the same delay.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Backoff.Exponential.class, name = "exponential"),
    @JsonSubTypes.Type(value = Backoff.Fixed.class, name = "fixed"),
    @JsonSubTypes.Type(value = Backoff.Delays.class, name = "delays")
})
public sealed interface Backoff {
    /** The longest delay. */
    Duration MAX_DELAY = Duration.ofDays(1);

    /**
     * How long to wait.
     *
     * @param failed how many attempts have failed, at least 1
     * @param random in {@code [0, 1)}: where in its range a delay with {@linkplain Jitter jitter} lies
     */
    Duration delay(int failed, double random);

    /** Delays that grow by the factor from the first to the cap, ±20 %. */
    static Exponential exponential(Duration first, double factor, Duration cap) {
        return new Exponential(first, factor, cap, Jitter.DEFAULT);
    }

    /** The same delay after every attempt, without jitter. */
    static Fixed fixed(Duration delay) {
        return new Fixed(delay, Jitter.NONE);
    }

    /** One delay after each attempt, the last one again and again when there are more attempts; without jitter. */
    static Delays delays(List<Duration> delays) {
        return new Delays(delays, Jitter.NONE);
    }

    /** The first, first · factor, first · factor², ..., at most the cap; then the jitter, which may go beyond the cap. */
    record Exponential(Duration first, double factor, Duration cap, Jitter jitter) implements Backoff {
        /** Checks the delays, that the cap is not below the first, and that the factor is 1 to 1,000. */
        public Exponential {
            checked("first", first);
            checked("cap", cap);
            Objects.requireNonNull(jitter, "jitter must not be null");
            if (cap.compareTo(first) < 0) {
                throw new IllegalArgumentException("cap must be at least the first delay " + first + ", was " + cap);
            }
            if (!(factor >= 1 && factor <= 1_000)) {
                throw new IllegalArgumentException("factor must be 1 to 1,000, was " + factor);
            }
        }

        @JsonCreator
        static Exponential fromJson(
                @JsonProperty("first") @Nullable Duration first,
                @JsonProperty("factor") @Nullable Double factor,
                @JsonProperty("cap") @Nullable Duration cap,
                @JsonProperty("jitter") @Nullable Jitter jitter) {
            return new Exponential(
                    ValueJson.required("first", first),
                    factor == null ? 2 : factor,
                    ValueJson.required("cap", cap),
                    jitter == null ? Jitter.DEFAULT : jitter);
        }

        /** The same delays, spread otherwise. */
        public Exponential withJitter(Jitter other) {
            return new Exponential(first, factor, cap, other);
        }

        @Override
        public Duration delay(int failed, double random) {
            double nanos = Math.min((double) cap.toNanos(), first.toNanos() * Math.pow(factor, failed - 1.0));
            return jitter.spread(Duration.ofNanos((long) nanos), random);
        }
    }

    /** The same delay each time. */
    record Fixed(Duration delay, Jitter jitter) implements Backoff {
        /** Checks the delay. */
        public Fixed {
            checked("delay", delay);
            Objects.requireNonNull(jitter, "jitter must not be null");
        }

        @JsonCreator
        static Fixed fromJson(
                @JsonProperty("delay") @Nullable Duration delay, @JsonProperty("jitter") @Nullable Jitter jitter) {
            return new Fixed(ValueJson.required("delay", delay), jitter == null ? Jitter.NONE : jitter);
        }

        /** The same delay, spread otherwise. */
        public Fixed withJitter(Jitter other) {
            return new Fixed(delay, other);
        }

        @Override
        public Duration delay(int failed, double random) {
            return jitter.spread(delay, random);
        }
    }

    /** A list of delays; its last holds for all attempts beyond it. */
    record Delays(List<Duration> delays, Jitter jitter) implements Backoff {
        /** Copies and checks the delays, of which there is at least one. */
        public Delays {
            delays = List.copyOf(delays);
            Objects.requireNonNull(jitter, "jitter must not be null");
            if (delays.isEmpty()) {
                throw new IllegalArgumentException("delays must have at least one element, had none");
            }
            delays.forEach(delay -> checked("each of the delays", delay));
        }

        @JsonCreator
        static Delays fromJson(
                @JsonProperty("delays") @Nullable List<Duration> delays,
                @JsonProperty("jitter") @Nullable Jitter jitter) {
            return new Delays(ValueJson.required("delays", delays), jitter == null ? Jitter.NONE : jitter);
        }

        /** The same delays, spread otherwise. */
        public Delays withJitter(Jitter other) {
            return new Delays(delays, other);
        }

        @Override
        public Duration delay(int failed, double random) {
            return jitter.spread(delays.get(Math.min(failed, delays.size()) - 1), random);
        }
    }

    /**
     * How delays are spread, so that what failed together does not come back together.
     *
     * @param below by which part a delay may be shorter, 0 to 1
     * @param above by which part it may be longer, 0 to 1
     */
    record Jitter(double below, double above) {
        /** No spread. */
        public static final Jitter NONE = new Jitter(0, 0);

        /** ±20 %. */
        public static final Jitter DEFAULT = new Jitter(0.2, 0.2);

        /** Anything from nothing to the delay: "full jitter" of the AWS architecture blog's "Exponential backoff and jitter". */
        public static final Jitter FULL = new Jitter(1, 0);

        /** Checks that both are 0 to 1. */
        public Jitter {
            if (!(below >= 0 && below <= 1 && above >= 0 && above <= 1)) {
                throw new IllegalArgumentException(
                        "jitter must be 0 to 1 below and above, was " + below + " and " + above);
            }
        }

        /** That part around each delay. */
        public static Jitter plusMinus(double part) {
            return new Jitter(part, part);
        }

        Duration spread(Duration delay, double random) {
            if (below == 0 && above == 0) {
                return delay;
            }
            double factor = 1 - below + random * (below + above);
            return Duration.ofNanos((long) (delay.toNanos() * factor));
        }
    }

    private static void checked(String what, Duration delay) {
        Objects.requireNonNull(delay, what);
        if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException(what + " must be zero to " + MAX_DELAY + ", was " + delay);
        }
    }
}

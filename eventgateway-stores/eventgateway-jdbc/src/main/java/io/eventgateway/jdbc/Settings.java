package io.eventgateway.jdbc;

import io.eventgateway.history.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the stores use the database.
 *
 * @param schema where the tables are; null for where the connections look
 * @param inbox how long the inbox of functions remembers an event
 * @param encryptionRequired whether events in clear text are refused
 * @param clock the time of a test, in place of the database's
 * @param processClock this process' time, which is only ever compared with itself: what the database is told is how far from now
 *     a time is
 */
record Settings(
        @Nullable String schema,
        String prefix,
        Retention history,
        int maxDeadLetters,
        int maxDataSize,
        Duration inbox,
        @Nullable DataEncryption encryption,
        boolean encryptionRequired,
        Duration timeout,
        int writers,
        @Nullable InstantSource clock,
        InstantSource processClock) {
    /** The furthest time: each such time, and the span between two, is a number of 64 bits in microseconds. */
    private static final long FURTHEST_SECONDS = Long.MAX_VALUE / 2_000_000;

    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

    /** A table's name, qualified. */
    String qualified(String table) {
        return (schema == null ? "" : schema + ".") + prefix + table;
    }

    /** Puts the qualified names of tables in; {@code {now}} and {@code {now_bound}} are left. */
    String named(String template) {
        Matcher names = NAME.matcher(template);
        return names.replaceAll(
                name -> name.group(1).equals("now") || name.group(1).equals("now_bound")
                        ? Matcher.quoteReplacement(name.group())
                        : Matcher.quoteReplacement(qualified(name.group(1))));
    }

    /** This process' time, in microseconds. */
    long nowMicros() {
        return micros(clock == null ? processClock.instant() : clock.instant());
    }

    /** A time in microseconds since 1970; a time that is more than 140,000 years away counts as that far away. */
    static long micros(Instant time) {
        long seconds = Math.max(-FURTHEST_SECONDS, Math.min(FURTHEST_SECONDS, time.getEpochSecond()));
        return TimeUnit.SECONDS.toMicros(seconds) + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }
}

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
        @Nullable DataEncryption encryption,
        Duration timeout,
        int writers,
        @Nullable InstantSource clock,
        InstantSource processClock) {
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

    /** A table's name, qualified. */
    String qualified(String table) {
        return (schema == null ? "" : schema + ".") + prefix + table;
    }

    /** Puts the qualified names of tables in; {@code {now}} is left. */
    String named(String template) {
        Matcher names = NAME.matcher(template);
        return names.replaceAll(
                name -> name.group(1).equals("now") ? "{now}" : Matcher.quoteReplacement(qualified(name.group(1))));
    }

    /** This process' time, in microseconds. */
    long nowMicros() {
        return micros(clock == null ? processClock.instant() : clock.instant());
    }

    /** A time in microseconds; one so far from now that these have no room for it is as far as there is room. */
    static long micros(Instant time) {
        long furthest = Long.MAX_VALUE / 4; // the database adds and subtracts times
        long seconds = time.getEpochSecond();
        if (Math.abs((double) seconds) > furthest / 1e6) {
            return seconds < 0 ? -furthest : furthest;
        }
        return TimeUnit.SECONDS.toMicros(seconds) + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }
}

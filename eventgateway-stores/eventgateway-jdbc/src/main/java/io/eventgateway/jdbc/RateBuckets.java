package io.eventgateway.jdbc;

import io.eventgateway.delivery.RateLimit;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.spi.EventStore.TokenLease;
import io.eventgateway.spi.EventStore.TokenRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rate limits that gateways share: a row for each bucket has the time at which it is full (generic cell rate algorithm, ITU-T I.371),
 * by the database's clock. Gateways lease tokens in blocks, one transaction each, on a thread that ends when there is nothing to do
 * for a while.
 */
final class RateBuckets {
    /** The whole subscription has one bucket. */
    private static final String WHOLE = "";

    private static final String FREE_IN = "SELECT free_at - {now} FROM {bucket}"
            + " WHERE space = ? AND subscription_id = ? AND bucket_key = ? FOR UPDATE";
    private static final String INSERT =
            "{bucket} (space, subscription_id, bucket_key, free_at) VALUES (?, ?, ?, {now})";
    private static final String TAKE =
            "UPDATE {bucket} SET free_at = {now} + ? WHERE space = ? AND subscription_id = ? AND bucket_key = ?";
    /** A bucket that has been full for long says no more than none. */
    private static final String FORGET = "DELETE FROM {bucket} WHERE free_at < {now} - ?";

    private static final long REMEMBERED_MICROS = TimeUnit.DAYS.toMicros(1);
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long IDLE_SECONDS = 5;

    private final Database database;
    private final ThreadPoolExecutor thread;

    RateBuckets(Database database) {
        this.database = database;
        this.thread =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread started = new Thread(task, "eventgateway-jdbc-tokens");
                    started.setDaemon(true);
                    return started;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    CompletableFuture<TokenLease> lease(TokenRequest request) {
        CompletableFuture<TokenLease> lease = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                lease.complete(database.run(
                        "tokens of a shared rate limit could not be leased", connection -> lease(connection, request)));
            } catch (RuntimeException e) {
                lease.completeExceptionally(e);
            } catch (Throwable e) { // whoever waits for it must not wait for ever
                lease.completeExceptionally(
                        new StoreFailedException("tokens of a shared rate limit could not be leased: " + e, e));
            }
        });
        return lease;
    }

    private TokenLease lease(Connection connection, TokenRequest request) throws SQLException {
        Long freeIn = freeIn(connection, request);
        if (freeIn == null) {
            Rows.insertIfAbsent(
                    connection,
                    database.sql(database.dialect().insertIfAbsent(INSERT)),
                    request.space(),
                    request.subscriptionId(),
                    WHOLE);
            freeIn = freeIn(connection, request);
        }
        Taken taken = take(request.limit(), freeIn == null ? 0 : freeIn, request.wanted());
        if (taken.lease().tokens() > 0) {
            Rows.update(
                    connection,
                    database.sql(TAKE),
                    taken.freeInMicros(),
                    request.space(),
                    request.subscriptionId(),
                    WHOLE);
        }
        return taken.lease();
    }

    private @Nullable Long freeIn(Connection connection, TokenRequest request) throws SQLException {
        return Rows.first(
                connection,
                database.sql(FREE_IN),
                rows -> rows.getLong(1),
                request.space(),
                request.subscriptionId(),
                WHOLE);
    }

    /** What is leased, and in how many microseconds the bucket is full after that. */
    record Taken(TokenLease lease, long freeInMicros) {}

    /**
     * Decides how many tokens a gateway gets.
     *
     * @param fullInMicros in how many microseconds the bucket is full; 0 or less when it is
     */
    static Taken take(RateLimit limit, long fullInMicros, int wanted) {
        long perToken = Math.max(1, limit.per().toNanos() / limit.permits());
        long depth = perToken * limit.burst(); // within a century, as RateLimit checks
        long fullIn = TimeUnit.MICROSECONDS.toNanos(Math.max(0, fullInMicros));
        long tokens = Math.min(wanted, Math.max(0, depth - fullIn) / perToken);
        if (tokens == 0) {
            return new Taken(new TokenLease(0, Duration.ofNanos(fullIn + perToken - depth)), fullInMicros);
        }
        long micros = (fullIn + tokens * perToken + NANOS_PER_MICRO - 1) / NANOS_PER_MICRO;
        return new Taken(new TokenLease((int) tokens, Duration.ZERO), micros);
    }

    /** Forgets buckets that have been full for long; there are never many. */
    boolean purge(int atMost) {
        database.change(
                "the buckets of rate limits could not be purged",
                connection -> Rows.update(connection, database.sql(FORGET), REMEMBERED_MICROS));
        return false;
    }
}

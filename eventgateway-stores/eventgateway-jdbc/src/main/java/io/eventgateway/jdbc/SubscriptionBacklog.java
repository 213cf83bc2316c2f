package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.FunctionName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The pending deliveries of one subscription to one function, of all gateways. An immutable value.
 *
 * @param pending all of them
 * @param free those that are due, and that no gateway holds
 * @param waiting those that are due, and wait for an earlier one of their key or for a place under the subscription's limit
 * @param putOff those that are not due yet: delayed ones, and ones that are to be attempted again
 * @param isUnreachable whether no living gateway can call the function, so that all of them wait until one can
 */
public record SubscriptionBacklog(
        String space,
        String subscriptionId,
        String functionId,
        Count pending,
        Count free,
        Count waiting,
        Count putOff,
        boolean isUnreachable) {
    /**
     * A number of deliveries.
     *
     * @param number how many
     * @param oldest how long ago the event of the oldest was accepted; zero when there is none
     */
    public record Count(long number, Duration oldest) {
        private static final Count NONE = new Count(0, Duration.ZERO);

        private Count plus(Count other) {
            return new Count(number + other.number, oldest.compareTo(other.oldest) < 0 ? other.oldest : oldest);
        }
    }

    private enum Kind {
        PUT_OFF,
        FREE,
        WAITING,
        OTHER
    }

    private record Group(String space, String subscriptionId, String functionId) {}

    /** Reads each row of the table of pending deliveries once, and no other table's but for those that are due and held. */
    private static final String COUNTS = "SELECT x.space, x.subscription_id, x.function_id, x.kind, COUNT(*),"
            + " MAX({now} - x.accepted_at) FROM (SELECT d.space, d.subscription_id, d.function_id, d.accepted_at,"
            + " CASE WHEN d.due_at > {now} THEN 'PUT_OFF' WHEN d.holder = '' THEN 'FREE'"
            + " WHEN (d.order_key IS NOT NULL OR EXISTS (SELECT 1 FROM {turn} p WHERE p.space = d.space"
            + " AND p.subscription_id = d.subscription_id AND p.turn_key LIKE 'p:%'))"
            + " AND NOT EXISTS (SELECT 1 FROM {turn} t WHERE t.instance = d.instance AND t.number = d.number"
            + " AND t.token = d.token) THEN 'WAITING' ELSE 'OTHER' END AS kind FROM {delivery} d) x"
            + " GROUP BY x.space, x.subscription_id, x.function_id, x.kind"
            + " ORDER BY x.space, x.subscription_id, x.function_id";

    static List<SubscriptionBacklog> read(Connection connection, Database database, Set<FunctionName> callable)
            throws SQLException {
        Map<Group, Map<Kind, Count>> groups = new LinkedHashMap<>();
        Rows.query(connection, database.sql(COUNTS), rows -> groups.computeIfAbsent(
                        new Group(rows.getString(1), rows.getString(2), rows.getString(3)),
                        added -> new EnumMap<>(Kind.class))
                .put(
                        Kind.valueOf(rows.getString(4).strip()),
                        new Count(
                                rows.getLong(5),
                                Duration.of(Math.max(0, rows.getLong(6)), TimeUnit.MICROSECONDS.toChronoUnit()))));
        List<SubscriptionBacklog> backlogs = new ArrayList<>(groups.size());
        groups.forEach((group, counts) -> backlogs.add(new SubscriptionBacklog(
                group.space(),
                group.subscriptionId(),
                group.functionId(),
                counts.values().stream().reduce(Count.NONE, Count::plus),
                counts.getOrDefault(Kind.FREE, Count.NONE),
                counts.getOrDefault(Kind.WAITING, Count.NONE),
                counts.getOrDefault(Kind.PUT_OFF, Count.NONE),
                !callable.contains(new FunctionName(group.space(), group.functionId())))));
        return backlogs;
    }
}

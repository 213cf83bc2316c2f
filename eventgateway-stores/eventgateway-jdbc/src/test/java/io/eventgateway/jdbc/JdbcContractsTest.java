package io.eventgateway.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.test.EventStoreContract;
import io.eventgateway.test.SubscriptionStoreContract;
import io.eventgateway.test.TestClock;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contracts of the two stores, on each database. */
class JdbcContractsTest {
    private static final Map<TestDatabase, HikariDataSource> POOLS = new EnumMap<>(TestDatabase.class);

    private static HikariDataSource emptied(TestDatabase database) {
        HikariDataSource pool = POOLS.computeIfAbsent(database, TestDatabase::migrated);
        TestDatabase.clear(pool);
        return pool;
    }

    private static EventStore events(TestDatabase database, TestClock clock) {
        return JdbcStores.builder(emptied(database)).clock(clock).build().eventStore();
    }

    private static SubscriptionStore subscriptions(TestDatabase database) {
        return JdbcStores.of(emptied(database)).subscriptionStore();
    }

    @Nested
    class EventsOnH2 extends EventStoreContract {
        @Override
        protected EventStore createStore(TestClock clock) {
            return events(TestDatabase.H2, clock);
        }
    }

    @Nested
    class EventsOnPostgres extends EventStoreContract {
        @Override
        protected EventStore createStore(TestClock clock) {
            return events(TestDatabase.POSTGRESQL, clock);
        }
    }

    @Nested
    @Tag("servers")
    class EventsOnMariaDb extends EventStoreContract {
        @Override
        protected EventStore createStore(TestClock clock) {
            return events(TestDatabase.MARIADB, clock);
        }
    }

    @Nested
    class SubscriptionsOnH2 extends SubscriptionStoreContract {
        @Override
        protected SubscriptionStore createStore() {
            return subscriptions(TestDatabase.H2);
        }
    }

    @Nested
    class SubscriptionsOnPostgres extends SubscriptionStoreContract {
        @Override
        protected SubscriptionStore createStore() {
            return subscriptions(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    @Tag("servers")
    class SubscriptionsOnMariaDb extends SubscriptionStoreContract {
        @Override
        protected SubscriptionStore createStore() {
            return subscriptions(TestDatabase.MARIADB);
        }
    }
}

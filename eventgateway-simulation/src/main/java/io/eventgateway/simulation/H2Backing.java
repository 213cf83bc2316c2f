package io.eventgateway.simulation;

import io.eventgateway.jdbc.JdbcStores;
import io.eventgateway.spi.EventStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The store on JDBC in a database of its own, of which each process has stores of its own. What it does on other threads is awaited by the
 * step that has it done, and its maintenance, which goes by real time, is a step's too: nobody listens to it, so that its threads
 * don't start.
 */
final class H2Backing implements Backing {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Setting setting;
    private final Scheduler scheduler;
    private final LossyDataSource dataSource;
    /** H2 forgets a database in memory when its last connection is closed. */
    private final Connection kept;

    private final JdbcStores own;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    H2Backing(Setting setting, Scheduler scheduler, StoreTemper temper) {
        this.setting = setting;
        this.scheduler = scheduler;
        this.dataSource = new LossyDataSource("jdbc:h2:mem:simulation-" + NUMBERS.incrementAndGet(), temper);
        try {
            this.kept = dataSource.getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException("the database could not be opened", e);
        }
        builder().migrate();
        this.own = builder().build();
    }

    private JdbcStores.Builder builder() {
        return JdbcStores.builder(dataSource)
                .clock(scheduler::storeInstant)
                .lease(Setting.LEASE)
                .history(setting.retention())
                .deadLetters(setting.deadLetters())
                .writers(1);
    }

    @Override
    public EventStore open() {
        return builder().build().eventStore();
    }

    @Override
    public EventStore.Watch listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void tell() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public void maintain() {
        own.purge();
    }

    @Override
    public void close() {
        try {
            kept.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the database could not be closed", e);
        }
    }
}

package io.eventgateway.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.jdbc.server.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that emits and delivers until it is killed. It writes down which events were accepted, after {@code emit} has
 * returned, and which calls began and ended: what is written to a file survives the process.
 */
public final class CrashWorker {
    private static final int KEYS = 20;
    private static final int THREADS = 4;

    private CrashWorker() {}

    /** Arguments: the URL, this worker's name, the directory for its files, how many microseconds between two emissions. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[1];
        Path directory = Path.of(arguments[2]);
        long pauseNanos = Long.parseLong(arguments[3]) * 1_000;
        FileChannel accepted = append(directory.resolve(name + ".accepted"));
        FileChannel calls = append(directory.resolve(name + ".calls"));
        HikariDataSource pool = PostgresServer.pool(arguments[0], 8);
        EventGateway gateway = gateway(pool, line -> write(calls, line), name);
        AtomicLong numbers = new AtomicLong();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            new Thread(() -> {
                        while (true) {
                            long number = numbers.incrementAndGet();
                            String id = name + "-" + number;
                            try {
                                // each thread has keys of its own, so that their order is the order in which it emits
                                gateway.emit(Event.builder(thread == 0 ? "plain" : "keyed")
                                        .id(id)
                                        .subject("k" + thread + "-" + number % KEYS)
                                        .data(number)
                                        .build());
                                write(accepted, id);
                            } catch (EventGatewayException e) {
                                // it was not accepted
                            }
                            LockSupport.parkNanos(pauseNanos);
                        }
                    })
                    .start();
        }
    }

    /** Something that takes a line. */
    @FunctionalInterface
    interface Lines {
        void add(String line);
    }

    static EventGateway gateway(HikariDataSource pool, Lines calls, String name) {
        EventGateway gateway = EventGateway.builder()
                .stores(JdbcStores.builder(pool).lease(Duration.ofSeconds(6)).build())
                .build();
        gateway.functions().register("f", (event, context) -> {
            String call = event.getId() + " " + event.getSubject() + " " + event.dataAs(Long.class) + " " + name + " ";
            calls.add("begin " + call + System.nanoTime());
            calls.add("end " + call + System.nanoTime());
            return null;
        });
        gateway.subscriptions().create(Subscription.to("plain").function("f").build());
        gateway.subscriptions()
                .create(Subscription.to("keyed")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().orderBy("subject").build())
                        .build());
        return gateway;
    }

    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void write(FileChannel file, String line) {
        try {
            file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

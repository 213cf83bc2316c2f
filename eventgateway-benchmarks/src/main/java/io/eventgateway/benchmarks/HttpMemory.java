package io.eventgateway.benchmarks;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Prints how much heap 1,000,000 signed deliveries over HTTP leave behind, measured after the first 100,000 of them. An argument says another
 * number.
 */
public final class HttpMemory {
    private static final int IN_FLIGHT = 1_000;
    private static final int BEFORE = 10; // a tenth is delivered before it is measured
    private static final byte[] BODY = new byte[1_000];

    private HttpMemory() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        int deliveries = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        System.setProperty("sun.net.httpserver.maxIdleConnections", "5000"); // 200 else, and it closes the others
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2_000);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions()
                    .register(FunctionDefinition.http("hook", url)
                            .with("signing", Map.of("keys", List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))));
            gateway.subscribe("hook", "hook");
            deliver(gateway, deliveries / BEFORE);
            long before = used();
            long begun = System.nanoTime();
            deliver(gateway, deliveries - deliveries / BEFORE);
            System.out.printf(
                    "%,d deliveries a second%n",
                    Math.round((deliveries - deliveries / BEFORE) / ((System.nanoTime() - begun) / 1e9)));
            long after = used();
            System.out.printf("heap before and after: %,d and %,d bytes%n", before, after);
            Figures.print("growth", (after - before) / 1e6, "MB");
        } finally {
            server.stop(0);
            threads.shutdown();
        }
    }

    private static void deliver(EventGateway gateway, int deliveries) {
        Semaphore room = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < deliveries; i++) {
            room.acquireUninterruptibly();
            gateway.emit(Event.builder("hook").data("application/json", BODY).build())
                    .completion()
                    .whenComplete((report, failure) -> room.release());
        }
        room.acquireUninterruptibly(IN_FLIGHT);
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(200);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

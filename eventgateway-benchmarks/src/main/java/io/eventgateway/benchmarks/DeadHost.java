package io.eventgateway.benchmarks;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Prints how long a call to a host takes behind 1,000 calls to another host, which never answers, and how long it takes alone. The first
 * rounds, in which classes are loaded and threads begin, are not counted.
 */
public final class DeadHost {
    private static final int CALLS = 1_000;
    private static final int WARM_UP = 5;
    private static final int ROUNDS = 20;

    private DeadHost() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        HttpServer alive = HttpServer.create(new InetSocketAddress(here, 0), 0);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        alive.setExecutor(threads);
        alive.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(204, -1);
            }
        });
        alive.start();
        try (ServerSocket dead = new ServerSocket(0, 2 * CALLS, here); // it accepts, and never answers
                EventGateway gateway =
                        EventGateway.builder().shutdownTimeout(Duration.ZERO).build()) {
            gateway.functions()
                    .register(FunctionDefinition.http("dead", "http://127.0.0.1:" + dead.getLocalPort() + "/"));
            gateway.functions()
                    .register(FunctionDefinition.http(
                            "alive", "http://127.0.0.1:" + alive.getAddress().getPort() + "/"));
            gateway.invoke("alive", 0); // classes are loaded
            List<Double> alone = rounds(gateway, 0);
            List<Double> behind = rounds(gateway, CALLS);
            System.out.printf("alone: %s%nbehind: %s%n", alone, behind);
            Figures.print("alone", alone.get(ROUNDS / 2), "ms");
            Figures.print("behind", behind.get(ROUNDS / 2), "ms");
            Figures.print("behind, the slowest", behind.get(ROUNDS - 1), "ms");
        } finally {
            alive.stop(0);
            threads.shutdown();
        }
    }

    /** Returns the times, the shortest first. */
    private static List<Double> rounds(EventGateway gateway, int calls) {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < WARM_UP + ROUNDS; i++) {
            double time = round(gateway, calls);
            if (i >= WARM_UP) {
                times.add(time);
            }
        }
        times.sort(null);
        return times;
    }

    private static double round(EventGateway gateway, int toDead) {
        List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
        for (int i = 0; i < toDead; i++) {
            calls.add(gateway.invokeAsync("dead", i));
        }
        long begun = System.nanoTime();
        gateway.invoke("alive", 1);
        double took = (System.nanoTime() - begun) / 1e6;
        calls.forEach(each -> each.cancel(true));
        return took;
    }
}

package io.eventgateway.examples.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A real HTTP server on loopback that is having a bad day: it throttles the first request for an order and fails the second, and
 * it fails every request for orders of the customer "acme" until it is repaired.
 */
final class FlakyServer implements AutoCloseable {
    private static final int THROTTLED = 429;
    private static final int BROKEN = 500;
    private static final int TAKEN = 204;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Map<String, Integer> requests = new ConcurrentHashMap<>();
    private volatile boolean repaired;

    FlakyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/shipping", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String order = String.valueOf(exchange.getRequestHeaders().getFirst("ce-id"));
            String customer = String.valueOf(exchange.getRequestHeaders().getFirst("ce-subject"));
            int request = requests.merge(order, 1, Integer::sum);
            exchange.sendResponseHeaders(status(exchange, customer, request), -1);
        }
    }

    private int status(HttpExchange exchange, String customer, int request) {
        if (repaired) {
            return TAKEN;
        }
        if (request == 1) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            return THROTTLED;
        }
        return request == 2 || customer.equals("acme") ? BROKEN : TAKEN;
    }

    String url() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + "/shipping";
    }

    void repair() {
        repaired = true;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}

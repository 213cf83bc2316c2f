package io.eventgateway.benchmarks;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Prints how many events a second reach a local server with 1,000 in flight: by OkHttp's enqueue, by the http function, and by the http
 * function with signatures. They take turns, so that whatever else the machine does meets all of them.
 */
public final class HttpFanOut {
    private static final int IN_FLIGHT = 1_000;
    private static final int EVENTS = 4_000;
    private static final int WARM_UP = 4;
    private static final int ROUNDS = 11;
    private static final byte[] BODY = ("{\"text\":\"" + "x".repeat(1_000) + "\"}").getBytes(StandardCharsets.UTF_8);

    private HttpFanOut() {}

    /** Sends one event, and calls back when it has been answered. */
    private interface Sender {
        void send(Runnable answered);
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
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
        OkHttpClient client = client();
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register(FunctionDefinition.http("unsigned", url));
            gateway.functions()
                    .register(FunctionDefinition.http("signed", url)
                            .with("signing", Map.of("keys", List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))));
            Map<String, Sender> senders = new LinkedHashMap<>();
            senders.put("OkHttp", okHttp(client, request(url)));
            senders.put("OkHttp, with the headers of a signature", okHttp(client, withSignature(request(url))));
            senders.put("unsigned", function(gateway, "unsigned"));
            senders.put("signed", function(gateway, "signed"));
            measure(senders);
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
            server.stop(0);
            threads.shutdown();
        }
    }

    private static OkHttpClient client() {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(IN_FLIGHT);
        dispatcher.setMaxRequestsPerHost(IN_FLIGHT);
        return new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(IN_FLIGHT, 1, TimeUnit.MINUTES))
                .build();
    }

    private static Request request(String url) {
        return new Request.Builder()
                .url(url)
                .post(RequestBody.create(BODY, MediaType.get("application/json")))
                .build();
    }

    /** Headers of the size that a signature has, which cost the server what they cost it when they are one. */
    private static Request withSignature(Request request) {
        return request.newBuilder()
                .header("webhook-id", "msg_" + "x".repeat(24))
                .header("webhook-timestamp", "1700000000")
                .header("webhook-signature", "v1," + "x".repeat(44))
                .build();
    }

    private static Sender okHttp(OkHttpClient client, Request request) {
        return answered -> client.newCall(request).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException e) {
                answered.run();
            }

            @Override
            public void onResponse(Call call, Response response) throws IOException {
                try (response) {
                    response.body().bytes();
                } finally {
                    answered.run();
                }
            }
        });
    }

    private static Sender function(EventGateway gateway, String function) {
        gateway.subscribe(function, function);
        Event event = Event.builder(function)
                .source("/bench")
                .data("application/json", BODY)
                .build();
        return answered -> gateway.emit(event).completion().whenComplete((report, failure) -> answered.run());
    }

    private static void measure(Map<String, Sender> senders) {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            for (Map.Entry<String, Sender> sender : senders.entrySet()) {
                double rate = round(sender.getValue());
                if (round >= WARM_UP) {
                    rates.computeIfAbsent(sender.getKey(), name -> new ArrayList<>())
                            .add(rate);
                }
            }
        }
        rates.forEach((name, each) -> {
            each.sort(null);
            Figures.print(name, each.get(ROUNDS / 2), "ops/s");
        });
    }

    private static double round(Sender sender) {
        Semaphore room = new Semaphore(IN_FLIGHT);
        long begun = System.nanoTime();
        for (int i = 0; i < EVENTS; i++) {
            room.acquireUninterruptibly();
            sender.send(room::release);
        }
        room.acquireUninterruptibly(IN_FLIGHT);
        return EVENTS / ((System.nanoTime() - begun) / 1e9);
    }
}

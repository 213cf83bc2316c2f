package io.eventgateway.benchmarks;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** 200 events to a local server, at most 16 at once, against OkHttp's own enqueue. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(2)
public class HttpDeliveryBenchmark {
    private static final int EVENTS = 200;
    private static final int AT_ONCE = 16;
    private static final byte[] BODY = ("{\"text\":\"" + "x".repeat(1_000) + "\"}").getBytes(StandardCharsets.UTF_8);

    private final Semaphore room = new Semaphore(AT_ONCE);
    private HttpServer server;
    private ExecutorService serverThreads;
    private EventGateway gateway;
    private OkHttpClient client;
    private Request request;
    private Event event;

    @Setup
    public void start(Application application) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serverThreads = Executors.newFixedThreadPool(AT_ONCE);
        server.setExecutor(serverThreads);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        gateway = EventGateway.create();
        gateway.functions().register(FunctionDefinition.http("hook", url));
        gateway.subscribe("hook", "hook");
        event = Event.builder("hook")
                .source("/bench")
                .data("application/json", BODY)
                .build();
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(AT_ONCE);
        dispatcher.setMaxRequestsPerHost(AT_ONCE);
        client = new OkHttpClient.Builder().dispatcher(dispatcher).build();
        request = new Request.Builder()
                .url(url)
                .post(RequestBody.create(BODY, MediaType.get("application/json")))
                .build();
    }

    @TearDown
    public void stop() {
        gateway.close();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        server.stop(0);
        serverThreads.shutdown();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void eventGateway() {
        for (int i = 0; i < EVENTS; i++) {
            room.acquireUninterruptibly();
            CompletableFuture<?> completion = gateway.emit(event).completion();
            completion.whenComplete((report, failure) -> room.release());
        }
        room.acquireUninterruptibly(AT_ONCE);
        room.release(AT_ONCE);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void okHttpEnqueue() {
        for (int i = 0; i < EVENTS; i++) {
            room.acquireUninterruptibly();
            client.newCall(request).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {
                    room.release();
                }

                @Override
                public void onResponse(Call call, Response response) throws IOException {
                    try (response) {
                        response.body().bytes();
                    } finally {
                        room.release();
                    }
                }
            });
        }
        room.acquireUninterruptibly(AT_ONCE);
        room.release(AT_ONCE);
    }
}

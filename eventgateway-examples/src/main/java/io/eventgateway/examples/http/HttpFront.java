package io.eventgateway.examples.http;

import com.sun.net.httpserver.HttpServer;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionContext;
import io.eventgateway.Subscription;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A small CRUD API that functions serve, behind the JDK's HTTP server and an {@link HttpServerBridge}. */
public final class HttpFront implements AutoCloseable {
    /** A user. */
    public record User(String name) {}

    private static final int MAX_BODY = 1024 * 1024;

    private final EventGateway gateway = EventGateway.builder().source("/users").build();
    private final Map<Integer, User> users = new ConcurrentSkipListMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final HttpServer server;

    /** Serves on loopback, on that port; 0 takes any that is free. */
    public HttpFront(int port) throws IOException {
        subscribe("GET", "/users", "listUsers", (request, context) -> users);
        subscribe("POST", "/users", "createUser", this::create);
        subscribe("GET", "/users/:id", "getUser", (request, context) -> found(request, users.get(id(request))));
        subscribe("PUT", "/users/:id", "putUser", this::put);
        subscribe(
                "DELETE",
                "/users/:id",
                "deleteUser",
                (request, context) -> users.remove(id(request)) == null ? HttpResponse.of(404) : HttpResponse.of(204));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", new HttpServerBridge(gateway, MAX_BODY));
        server.setExecutor(threads);
        server.start();
    }

    /** Serves until it is stopped. */
    public static void main(String[] args) throws IOException {
        HttpFront front = new HttpFront(args.length == 0 ? 8080 : Integer.parseInt(args[0]));
        System.out.println("Try: curl -i -d '{\"name\":\"Ada\"}' " + front.url() + "/users");
    }

    private interface RequestHandler {
        @Nullable Object handle(HttpRequest request, FunctionContext context);
    }

    private void subscribe(String method, String path, String functionId, RequestHandler handler) {
        gateway.functions()
                .register(functionId, (event, context) -> handler.handle(event.dataAs(HttpRequest.class), context));
        gateway.subscriptions()
                .create(Subscription.http(method, path).function(functionId).build());
    }

    private HttpResponse create(HttpRequest request, FunctionContext context) {
        int id = ids.incrementAndGet();
        User user = request.bodyAs(User.class);
        users.put(id, user);
        context.emit(Event.builder("user.created")
                .subject(String.valueOf(id))
                .data(user)
                .build());
        return HttpResponse.builder(201).header("Location", "/users/" + id).build();
    }

    private Object put(HttpRequest request, FunctionContext context) {
        User user = request.bodyAs(User.class);
        return found(request, users.computeIfPresent(id(request), (id, before) -> user));
    }

    private static Object found(HttpRequest request, @Nullable User user) {
        return user == null
                ? HttpResponse.of(
                        404, "text/plain", "no user " + request.params().get("id"))
                : user;
    }

    private static int id(HttpRequest request) {
        String id = String.valueOf(request.params().get("id"));
        return id.matches("\\d{1,9}") ? Integer.parseInt(id) : -1;
    }

    /** Where it serves. */
    public String url() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort();
    }

    /** The gateway behind it. */
    public EventGateway gateway() {
        return gateway;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
        gateway.close();
    }
}

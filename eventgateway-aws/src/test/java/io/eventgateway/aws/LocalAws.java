package io.eventgateway.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An endpoint that speaks the protocols of AWS's APIs: AWS JSON 1.0 and 1.1, and the query protocol of SNS. Each operation is a function
 * from the request to the answer; requests whose protocol is not as documented are refused.
 */
final class LocalAws implements AutoCloseable {
    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer takes 40 ms
        System.setProperty("aws.cborEnabled", "false"); // else the SDK speaks to Kinesis in CBOR
    }

    private static final String SIGNED = "AWS4-HMAC-SHA256 Credential=";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** An answer: a status, and a body. */
    record Reply(int status, String body, Map<String, String> headers) {
        static Reply of(String body) {
            return new Reply(200, body, Map.of());
        }

        static Reply error(int status, String type, String message) {
            return new Reply(status, JSON.writeValueAsString(Map.of("__type", type, "message", message)), Map.of());
        }

        Reply with(String header, String value) {
            return new Reply(status, body, Map.of(header, value));
        }
    }

    /** A request: the operation, its members, and who signed it. */
    record Call(String operation, JsonNode members, String accessKeyId) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger unsent = new AtomicInteger();
    private volatile Function<Call, Reply> answers;

    LocalAws(Function<Call, Reply> answers) {
        this.answers = answers;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    List<Call> calls() {
        return calls;
    }

    /** How many answers could not be sent, since the connection was closed. */
    int unsent() {
        return unsent.get();
    }

    void answer(Function<Call, Reply> next) {
        answers = next;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Call call = read(exchange);
            calls.add(call);
            Reply reply = answers.apply(call);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", body.length > 0 && body[0] == '<' ? "text/xml" : "application/x-amz-json-1.1");
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            try {
                exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            } catch (IOException e) {
                unsent.incrementAndGet();
                throw e;
            }
        }
    }

    private static Call read(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null || !authorization.startsWith(SIGNED)) {
            throw new IOException("a request of AWS is signed, this one has " + authorization);
        }
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String accessKeyId = authorization.substring(SIGNED.length(), authorization.indexOf('/'));
        if (target != null) {
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            if (!type.startsWith("application/x-amz-json-1.")) {
                throw new IOException("not JSON of AWS: " + type);
            }
            return new Call(target.substring(target.indexOf('.') + 1), JSON.readTree(body), accessKeyId);
        }
        Map<String, String> form = new TreeMap<>();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&")) {
            int at = pair.indexOf('=');
            form.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        ObjectNode members = JSON.createObjectNode();
        form.forEach(members::put);
        return new Call(String.valueOf(form.get("Action")), members, accessKeyId);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

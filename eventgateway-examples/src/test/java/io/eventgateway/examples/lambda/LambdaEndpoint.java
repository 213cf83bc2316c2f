package io.eventgateway.examples.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * AWS's Invoke API on loopback, for functions in Java: what a function throws, an unknown function, a payload that is too long
 * and a throttled call are answered with the statuses, headers and bodies of the
 * <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">API's reference</a>.
 */
final class LambdaEndpoint implements AutoCloseable {
    /** The longest payload of a synchronous call, in bytes. */
    static final int MAX_PAYLOAD = 6 * 1024 * 1024;

    private static final Pattern PATH = Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");

    private final Map<String, Function<JsonNode, String>> functions = new ConcurrentHashMap<>();
    private final JsonMapper mapper = JsonMapper.shared();
    private final HttpServer server;
    private volatile int throttledSeconds;

    private LambdaEndpoint(HttpServer server) {
        this.server = server;
    }

    static LambdaEndpoint start() throws IOException {
        LambdaEndpoint endpoint =
                new LambdaEndpoint(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        endpoint.server.createContext("/", endpoint::answer);
        endpoint.server.start();
        return endpoint;
    }

    /** Adds a function, which takes the payload and returns JSON. */
    void register(String name, Function<JsonNode, String> function) {
        functions.put(name, function);
    }

    /** Refuses every call from now on, and asks callers to wait for so many seconds. */
    void throttle(int seconds) {
        throttledSeconds = seconds;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] payload = exchange.getRequestBody().readAllBytes();
        Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
        if (!exchange.getRequestMethod().equals("POST") || !path.matches()) {
            refuse(exchange, 404, "UnknownOperationException", "no such operation");
        } else if (throttledSeconds > 0) {
            exchange.getResponseHeaders().set("Retry-After", Integer.toString(throttledSeconds));
            refuse(exchange, 429, "TooManyRequestsException", "Rate Exceeded.");
        } else if (payload.length > MAX_PAYLOAD) {
            refuse(exchange, 413, "RequestTooLargeException", payload.length + " bytes are more than " + MAX_PAYLOAD);
        } else {
            // the name stands alone, in a whole or a partial ARN
            String name = path.group(1).replaceFirst(".*function:", "").replaceFirst("^example-dev-", "");
            Function<JsonNode, String> function = functions.get(name);
            if (function == null) {
                refuse(exchange, 404, "ResourceNotFoundException", "Function not found: " + name);
            } else {
                call(exchange, function, payload);
            }
        }
    }

    private void call(HttpExchange exchange, Function<JsonNode, String> function, byte[] payload) throws IOException {
        String result;
        try {
            result = function.apply(mapper.readTree(payload));
        } catch (RuntimeException e) {
            exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
            result = mapper.createObjectNode()
                    .put("errorType", e.getClass().getSimpleName())
                    .put("errorMessage", e.getMessage())
                    .toString();
        }
        send(exchange, 200, result);
    }

    private void refuse(HttpExchange exchange, int status, String type, String message) throws IOException {
        exchange.getResponseHeaders().set("X-Amzn-ErrorType", type);
        send(
                exchange,
                status,
                mapper.createObjectNode()
                        .put("Type", "User")
                        .put("Message", message)
                        .toString());
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

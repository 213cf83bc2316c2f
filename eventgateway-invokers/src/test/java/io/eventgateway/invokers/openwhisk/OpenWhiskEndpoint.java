package io.eventgateway.invokers.openwhisk;

import io.eventgateway.FunctionDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenWhisk's API on loopback, as its reference has it: it refuses what the API refuses, and runs actions by their names. */
final class OpenWhiskEndpoint implements AutoCloseable {
    static final String KEY =
            "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP";
    private static final String ACTIONS = "/api/v1/namespaces/_/actions/";
    private static final String ACTIVATIONS = "/api/v1/namespaces/_/activations/";
    private static final String ID = "44794bd6aab74415b4e42a308d880e5b";

    final List<String> parameters = new CopyOnWriteArrayList<>();
    /** How often the record of an activation is asked for before it is there. */
    final AtomicInteger missing = new AtomicInteger();

    final AtomicInteger invocations = new AtomicInteger();
    final AtomicInteger failingPolls = new AtomicInteger();
    /** How often a request for the record of an activation is answered with a proxy's page, of status 200. */
    final AtomicInteger pages = new AtomicInteger();

    /** Until when the record of an activation is not there, on the JVM's timer; always there when null. */
    volatile @Nullable Long endsAt;

    private final MockWebServer server = new MockWebServer();
    private final JsonMapper mapper = JsonMapper.shared();

    OpenWhiskEndpoint() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request);
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    FunctionDefinition function(String id, String action) {
        return FunctionDefinition.of(
                id, "openwhisk", Map.of("apiHost", server.url("/").toString(), "action", action, "auth", KEY));
    }

    private MockResponse answer(RecordedRequest request) {
        String basic = "Basic " + Base64.getEncoder().encodeToString(KEY.getBytes());
        if (!basic.equals(request.getHeaders().get("Authorization"))) {
            return json(401, "{\"error\":\"The supplied authentication is invalid\",\"code\":\"abc\"}");
        }
        String path = request.getUrl().encodedPath();
        if (request.getMethod().equals("GET") && path.equals(ACTIVATIONS + ID)) {
            if (failingPolls.getAndDecrement() > 0) {
                return json(503, "{\"error\":\"busy\"}");
            }
            if (pages.getAndDecrement() > 0) {
                return page(200);
            }
            Long end = endsAt;
            return missing.getAndDecrement() > 0 || (end != null && System.nanoTime() - end < 0)
                    ? json(404, "{\"error\":\"The requested resource does not exist.\"}")
                    : json(200, activation("success", "{\"late\":true}"));
        }
        if (!request.getMethod().equals("POST")
                || !path.startsWith(ACTIONS)
                || !"false".equals(request.getUrl().queryParameter("result"))) {
            return json(404, "{\"error\":\"The requested resource does not exist.\"}");
        }
        invocations.incrementAndGet();
        String body = request.getBody().utf8();
        parameters.add(body);
        JsonNode json = mapper.readTree(body);
        if (!json.isObject() || !"application/json".equals(request.getHeaders().get("Content-Type"))) {
            return json(400, "{\"error\":\"The request content was malformed\"}");
        }
        if ("false".equals(request.getUrl().queryParameter("blocking"))) {
            return json(202, "{\"activationId\":\"" + ID + "\"}");
        }
        return run(path.substring(ACTIONS.length()), body);
    }

    private static MockResponse run(String action, String body) {
        return switch (action) {
            case "echo", "tools/echo" -> json(200, activation("success", body));
            case "failing" ->
                json(502, activation("application error", "{\"error\":{\"why\":\"no stock, " + KEY + "\"}}"));
            case "crashing" ->
                json(
                        502,
                        activation(
                                "action developer error",
                                "{\"error\":\"The action exceeded its time limits of 3000 milliseconds.\"}"));
            case "broken" -> json(500, activation("whisk internal error", "{\"error\":\"no invoker\"}"));
            case "slow" -> json(202, "{\"activationId\":\"" + ID + "\"}");
            case "throttled" ->
                json(429, "{\"error\":\"Too many requests in the last minute (count: 61, allowed: 60).\"}")
                        .newBuilder()
                        .addHeader("Retry-After", "7")
                        .build();
            case "forbidden" -> json(403, "{\"error\":\"not entitled\"}");
            case "hanging" ->
                new MockResponse.Builder().headersDelay(5, TimeUnit.SECONDS).build();
            case "long" -> json(200, activation("success", "{\"x\":\"" + "x".repeat(5000) + "\"}"));
            case "proxy" -> page(502);
            case "page" -> page(200);
            case "newer" -> json(200, activation("paused", "{}"));
            default -> json(404, "{\"error\":\"The requested resource does not exist.\"}");
        };
    }

    private static MockResponse page(int status) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "text/html")
                .body("<h1>Bad Gateway</h1>")
                .build();
    }

    private static String activation(String status, String result) {
        return "{\"activationId\":\"" + ID
                + "\",\"namespace\":\"guest\",\"name\":\"a\",\"version\":\"0.0.1\",\"duration\":4,"
                + "\"logs\":[],\"response\":{\"status\":\"" + status + "\",\"success\":" + status.equals("success")
                + ",\"result\":" + result + "}}";
    }

    private static MockResponse json(int status, String body) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json")
                .body(body)
                .build();
    }

    @Override
    public void close() {
        server.close();
    }
}

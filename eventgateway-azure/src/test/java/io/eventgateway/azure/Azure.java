package io.eventgateway.azure;

import io.eventgateway.FunctionDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions, workflows and a topic on loopback, which check what Azure's documentation says that they check. */
final class Azure implements AutoCloseable {
    static final String KEY =
            Base64.getEncoder().encodeToString("an access key of 32 bytes, or so".getBytes(StandardCharsets.UTF_8));
    static final String SIGNATURE = "Zm9yIHdob2V2ZXIgaGFzIHRoZSBVUkw-1";
    static final Instant NOW = Instant.parse("2026-06-01T18:05:09Z");
    static final int MAX_BYTES = 1024 * 1024;
    private static final String RUN = "08585287554177334956853859655CU00";

    /** The ids of the events that the topic took, a list for each request. */
    final List<List<String>> published = new CopyOnWriteArrayList<>();

    final List<RecordedRequest> calls = new CopyOnWriteArrayList<>();
    /** An event whose request the topic refuses. */
    volatile String poison = "none";

    private final MockWebServer server = new MockWebServer();
    private final JsonMapper mapper = JsonMapper.shared();

    Azure() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                calls.add(request);
                String path = request.getUrl().encodedPath();
                return path.startsWith("/workflows/")
                        ? ofWorkflow(request, path)
                        : path.endsWith("/api/events") ? ofTopic(request, path) : ofFunction(request, path);
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    FunctionDefinition function(String id, String name) {
        return FunctionDefinition.of(id, "azurefunction", Map.of("url", url("/api/" + name), "key", KEY));
    }

    FunctionDefinition workflow(String id, String name) {
        return FunctionDefinition.of(
                id,
                "azurelogicapp",
                Map.of(
                        "url",
                        url("/workflows/" + name
                                + "/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig="
                                + SIGNATURE)));
    }

    FunctionDefinition topic(String id, String name) {
        return FunctionDefinition.of(
                id, "azureeventgrid", Map.of("endpoint", url("/" + name + "/api/events"), "key", KEY));
    }

    String url(String path) {
        return server.url(path).toString();
    }

    private static MockResponse echo(RecordedRequest request) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body(request.getBody().utf8())
                .build();
    }

    private static MockResponse hanging() {
        return new MockResponse.Builder().headersDelay(5, TimeUnit.SECONDS).build();
    }

    private static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    private static MockResponse error(int status, String code, String message) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json; charset=utf-8")
                .body("{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}")
                .build();
    }

    // -------------------------------------------------------------------------------------------- Azure Functions

    private static MockResponse ofFunction(RecordedRequest request, String path) {
        boolean isKnown = KEY.equals(request.getHeaders().get("x-functions-key"))
                || KEY.equals(request.getUrl().queryParameter("code"));
        if (!isKnown) {
            return status(401);
        }
        return switch (path) {
            case "/api/echo" -> echo(request);
            case "/api/failing" -> status(500);
            case "/api/hanging" -> hanging();
            case "/api/starting" ->
                status(503)
                        .newBuilder()
                        .addHeader("Content-Type", "text/plain")
                        .body("Function host is not running.")
                        .build();
            case "/api/busy" ->
                status(429).newBuilder().addHeader("Retry-After", "4").build();
            default -> status(404);
        };
    }

    // ------------------------------------------------------------------------------------------------ Logic Apps

    private static MockResponse ofWorkflow(RecordedRequest request, String path) {
        boolean isSigned = SIGNATURE.equals(request.getUrl().queryParameter("sig"))
                && "/triggers/manual/run".equals(request.getUrl().queryParameter("sp"))
                && "1.0".equals(request.getUrl().queryParameter("sv"))
                && "2016-10-01".equals(request.getUrl().queryParameter("api-version"));
        if (!isSigned) {
            return error(
                    401,
                    "DirectApiInvalidAuthorizationScheme",
                    "The signature " + request.getUrl().queryParameter("sig") + " is not good");
        }
        return switch (path.split("/")[2]) {
            case "echo" -> ran(echo(request));
            case "accepting" ->
                ran(status(202))
                        .newBuilder()
                        .addHeader("Location", "https://example.com/runs/1?sig=other")
                        .build();
            case "failing" -> ran(error(502, "NoResponse", "The server did not receive a response"));
            case "hanging" -> hanging();
            case "long" -> ran(new MockResponse.Builder().body("x".repeat(5000)).build());
            case "throttled" ->
                error(429, "TooManyRequests", "slower")
                        .newBuilder()
                        .addHeader("Retry-After", "9")
                        .build();
            default -> error(404, "WorkflowNotFound", "The workflow could not be found.");
        };
    }

    private static MockResponse ran(MockResponse response) {
        return response.newBuilder().addHeader("x-ms-workflow-run-id", RUN).build();
    }

    // ------------------------------------------------------------------------------------------------ Event Grid

    private MockResponse ofTopic(RecordedRequest request, String path) {
        if (!"2018-01-01".equals(request.getUrl().queryParameter("api-version"))) {
            return error(400, "BadRequest", "api-version");
        }
        if (!isKnown(request)) {
            return error(401, "Unauthorized", "The request did not contain a good key: " + request.getHeaders());
        }
        if (path.startsWith("/hanging")) {
            return hanging();
        }
        if (path.startsWith("/busy")) {
            return error(503, "ServerBusy", "busy");
        }
        if (path.startsWith("/failing")) {
            return error(400, "BadRequest", "This topic takes no such event.");
        }
        if (!path.startsWith("/orders")) {
            return error(404, "ResourceNotFound", "There is no such topic.");
        }
        byte[] body = request.getBody().toByteArray();
        if (body.length > MAX_BYTES) {
            return error(413, "RequestEntityTooLarge", "too large");
        }
        String type = String.valueOf(request.getHeaders().get("Content-Type"));
        JsonNode json = mapper.readTree(body);
        if (!type.equals(
                json.isArray()
                        ? "application/cloudevents-batch+json; charset=utf-8"
                        : "application/cloudevents+json; charset=utf-8")) {
            return error(400, "BadRequest", "content type " + type);
        }
        List<JsonNode> events = json.isArray() ? List.copyOf(json.asArray().elements()) : List.of(json);
        for (JsonNode event : events) {
            boolean isComplete = event.path("specversion").asString("").equals("1.0")
                    && event.hasNonNull("id")
                    && event.hasNonNull("source")
                    && event.hasNonNull("type");
            if (!isComplete || event.path("id").asString().equals(poison)) {
                return error(400, "BadRequest", "an event is not good");
            }
        }
        published.add(events.stream().map(event -> event.path("id").asString()).toList());
        return json.isArray() || !json.has("data")
                ? status(200)
                : new MockResponse.Builder()
                        .addHeader("Content-Type", "application/json")
                        .body(json.path("data").toString())
                        .build();
    }

    private boolean isKnown(RecordedRequest request) {
        String token = request.getHeaders().get("aeg-sas-token");
        return token == null ? KEY.equals(request.getHeaders().get("aeg-sas-key")) : isSigned(token, request);
    }

    private static boolean isSigned(String token, RecordedRequest request) {
        int end = token.indexOf("&s=");
        String signed = token.substring(0, end);
        String resource = decoded(signed.substring(2, signed.indexOf("&e=")));
        String expiry = decoded(signed.substring(signed.indexOf("&e=") + 3));
        LocalDateTime expires = LocalDateTime.parse(expiry, DateTimeFormatter.ofPattern("M/d/yyyy h:m:s a", Locale.US));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
            return signature.equals(decoded(token.substring(end + 3)))
                    && request.getUrl().toString().startsWith(resource)
                    && resource.endsWith("/api/events")
                    && expires.toInstant(ZoneOffset.UTC).isAfter(NOW);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }
}

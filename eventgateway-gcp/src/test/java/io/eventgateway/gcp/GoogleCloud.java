package io.eventgateway.gcp;

import io.eventgateway.FunctionDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
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
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A metadata server, a token endpoint and functions on loopback: functions take only tokens that one of the two gave for their URL, and
 * the token endpoint takes only assertions that the account's key signed.
 */
final class GoogleCloud implements AutoCloseable, InstantSource {
    private static final String METADATA = "/computeMetadata/v1/instance/service-accounts/default/identity";
    private static final String EMAIL = "gateway@project.iam.gserviceaccount.com";
    private static final KeyPair KEYS = keys();

    final AtomicInteger tokens = new AtomicInteger();
    final List<RecordedRequest> calls = new CopyOnWriteArrayList<>();
    /** Tokens with lower numbers are refused. */
    final AtomicInteger firstGood = new AtomicInteger(1);
    /** What the servers of tokens answer in place of a token; 200 for none. */
    volatile int tokenStatus = 200;

    volatile String audience = "";
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final MockWebServer server = new MockWebServer();
    private final JsonMapper mapper = JsonMapper.shared();

    GoogleCloud() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                try {
                    return answer(request);
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    void passes(long seconds) {
        now = now.plusSeconds(seconds);
    }

    GcpFunctionInvokerProvider provider() {
        return new GcpFunctionInvokerProvider(server.url("/"), this);
    }

    HttpUrl url(String path) {
        return server.url(path);
    }

    FunctionDefinition function(String id, String path) {
        return FunctionDefinition.of(
                id, "gcpfunction", Map.of("url", server.url(path).toString()));
    }

    /** The JSON of a key whose assertions the token endpoint takes. */
    String key() {
        return mapper.createObjectNode()
                .put("type", "service_account")
                .put("client_email", EMAIL)
                .put("private_key_id", "k1")
                .put(
                        "private_key",
                        "-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getMimeEncoder()
                                        .encodeToString(KEYS.getPrivate().getEncoded())
                                + "\n-----END PRIVATE KEY-----\n")
                .put("token_uri", server.url("/token").toString())
                .toString();
    }

    private MockResponse answer(RecordedRequest request) throws GeneralSecurityException {
        String path = request.getUrl().encodedPath();
        if (path.equals(METADATA)) {
            return "Google".equals(request.getHeaders().get("Metadata-Flavor"))
                    ? given(String.valueOf(request.getUrl().queryParameter("audience")), false)
                    : status(403);
        }
        if (path.equals("/token")) {
            return ofAssertion(request);
        }
        calls.add(request);
        return path.startsWith("/open") || isGood(request) ? run(path, request) : refused();
    }

    private MockResponse given(String audience, boolean isJson) {
        if (tokenStatus != 200) {
            return new MockResponse.Builder()
                    .code(tokenStatus)
                    .addHeader("Content-Type", "application/json")
                    .body("{\"error\":\"invalid_grant\"}")
                    .build();
        }
        this.audience = audience;
        String claims = mapper.createObjectNode()
                .put("aud", audience)
                .put("exp", now.getEpochSecond() + 3600)
                .toString();
        String token =
                "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                        + "." + tokens.incrementAndGet();
        return new MockResponse.Builder()
                .addHeader("Metadata-Flavor", "Google")
                .headersDelay(20, TimeUnit.MILLISECONDS) // while which other calls need the token, too
                .body(isJson ? "{\"id_token\":\"" + token + "\"}" : token)
                .build();
    }

    private MockResponse ofAssertion(RecordedRequest request) throws GeneralSecurityException {
        String grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
        String form = request.getBody().utf8();
        if (!form.startsWith(grant) || !request.getMethod().equals("POST")) {
            return status(400);
        }
        String[] parts = form.substring(grant.length()).split("\\.");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KEYS.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        JsonNode header = mapper.readTree(Base64.getUrlDecoder().decode(parts[0]));
        JsonNode claims = mapper.readTree(Base64.getUrlDecoder().decode(parts[1]));
        boolean isGood = signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                && header.path("alg").asString().equals("RS256")
                && header.path("kid").asString().equals("k1")
                && claims.path("iss").asString().equals(EMAIL)
                && claims.path("aud").asString().equals(server.url("/token").toString())
                && claims.path("iat").asLong() == now.getEpochSecond()
                && claims.path("exp").asLong() <= now.getEpochSecond() + 3600;
        return isGood ? given(claims.path("target_audience").asString(), true) : status(400);
    }

    private boolean isGood(RecordedRequest request) {
        String authorization = String.valueOf(request.getHeaders().get("Authorization"));
        return authorization.startsWith("Bearer e30.")
                && Integer.parseInt(authorization.substring(authorization.lastIndexOf('.') + 1)) >= firstGood.get();
    }

    private MockResponse run(String path, RecordedRequest request) {
        return switch (path) {
            case "/echo", "/open" ->
                new MockResponse.Builder()
                        .addHeader(
                                "Content-Type",
                                String.valueOf(request.getHeaders().get("Content-Type")))
                        .body(request.getBody().utf8())
                        .build();
            case "/failing" -> status(500);
            case "/forbidden" -> status(403);
            case "/busy" ->
                status(429).newBuilder().addHeader("Retry-After", "3").build();
            case "/redirecting" ->
                status(307)
                        .newBuilder()
                        .addHeader("Location", server.url("/echo").toString())
                        .build();
            default ->
                new MockResponse.Builder().headersDelay(5, TimeUnit.SECONDS).build();
        };
    }

    private static MockResponse refused() {
        return new MockResponse.Builder()
                .code(401)
                .addHeader("WWW-Authenticate", "Bearer error=\"invalid_token\" error_description=\"no\"")
                .addHeader("Content-Type", "text/html")
                .body("<title>401 Unauthorized</title>")
                .build();
    }

    private static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    @Override
    public void close() {
        server.close();
    }
}

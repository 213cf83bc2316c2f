package io.eventgateway.internal.intake;

import io.eventgateway.http.CorsPolicy;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The headers with which a response says which pages may read it (Fetch standard, section 3.3). */
final class Cors {
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials";
    private static final String VARY_OF_PREFLIGHT =
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

    private Cors() {}

    /** A response with the headers of a policy in place of the function's own; the response itself where there is no policy. */
    static HttpResponse applied(@Nullable CorsPolicy policy, HttpRequest request, HttpResponse response) {
        if (policy == null) {
            return response;
        }
        HttpResponse.Builder builder =
                HttpResponse.builder(response.statusCode()).body(response.body());
        response.allHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(ALLOW_ORIGIN) && !name.equalsIgnoreCase(ALLOW_CREDENTIALS)) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        if (!policy.allowsAnyOrigin() && !varies(response)) { // else a cache would give one page what another may read
            builder.header("Vary", "Origin");
        }
        allow(policy, request, builder);
        return builder.build();
    }

    private static boolean varies(HttpResponse response) {
        String vary = response.headers().getOrDefault("Vary", "");
        return List.of(vary.toLowerCase(Locale.ROOT).split("\\s*,\\s*", -1)).contains("origin")
                || vary.strip().equals("*");
    }

    private static void allow(CorsPolicy policy, HttpRequest request, HttpResponse.Builder response) {
        if (policy.allowsAnyOrigin()) {
            response.header(ALLOW_ORIGIN, "*");
            return;
        }
        String origin = one(request, "Origin");
        if (origin != null && policy.allowsOrigin(origin)) {
            response.header(ALLOW_ORIGIN, origin);
            if (policy.allowCredentials()) {
                response.header(ALLOW_CREDENTIALS, "true");
            }
        }
    }

    /** Returns whether a request asks beforehand whether another may be made. */
    static boolean isPreflight(HttpRequest request) {
        return request.method().equals("OPTIONS")
                && one(request, "Origin") != null
                && one(request, "Access-Control-Request-Method") != null;
    }

    /** The answer to a preflight for a subscription with a policy. */
    static HttpResponse preflight(CorsPolicy policy, HttpRequest request) {
        String origin = required(request, "Origin");
        String method = required(request, "Access-Control-Request-Method");
        String wanted = String.join(",", request.headerValues("Access-Control-Request-Headers"));
        if (!policy.allowsOrigin(origin) || !policy.allowsMethod(method) || !policy.allowsHeaders(wanted)) {
            return Problems.problem(403, "CORS: the origin, the method or a header is not allowed").toBuilder()
                    .header("Vary", VARY_OF_PREFLIGHT)
                    .build();
        }
        HttpResponse.Builder granted = HttpResponse.builder(204)
                .header("Vary", VARY_OF_PREFLIGHT)
                .header(
                        "Access-Control-Allow-Methods",
                        policy.methods().isEmpty() ? method : String.join(", ", policy.methods()));
        if (!policy.headers().isEmpty()) {
            granted.header("Access-Control-Allow-Headers", String.join(", ", policy.headers()));
        }
        allow(policy, request, granted);
        return granted.build();
    }

    private static String required(HttpRequest request, String header) {
        String value = one(request, header);
        if (value == null) {
            throw new IllegalStateException("a preflight has the header " + header);
        }
        return value;
    }

    /** The value of a header that a request has exactly once; else null. */
    static @Nullable String one(HttpRequest request, String header) {
        List<String> values = request.headerValues(header);
        return values.size() == 1 ? values.get(0) : null;
    }
}

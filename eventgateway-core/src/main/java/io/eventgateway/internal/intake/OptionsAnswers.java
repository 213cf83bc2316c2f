package io.eventgateway.internal.intake;

import io.eventgateway.http.CorsPolicy;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.routing.PathTree;
import io.eventgateway.internal.routing.PathTree.Match;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests to paths whose subscriptions are of other methods: preflights of CORS, the validation handshake of CloudEvents
 * (HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 4), and else which methods there are. Calls no function.
 */
final class OptionsAnswers {
    private static final String REQUEST_ORIGIN = "WebHook-Request-Origin";
    private static final String REQUEST_RATE = "WebHook-Request-Rate";
    private static final Pattern RATE = Pattern.compile("[1-9][0-9]{0,8}");

    private OptionsAnswers() {}

    /** The answer to a request whose method has no subscription at its path. */
    static HttpResponse of(PathTree paths, HttpRequest request) {
        Set<String> methods = paths.methods(request.rawPath());
        if (methods.isEmpty()) {
            return Problems.problem(404, "nothing is subscribed to this path");
        }
        String allow = String.join(", ", allowed(methods));
        if (!request.method().equals("OPTIONS")) {
            return Problems.problem(405, "this path does not take " + request.method()).toBuilder()
                    .header("Allow", allow)
                    .build();
        }
        HttpResponse answer = Cors.isPreflight(request) ? preflight(paths, request) : handshake(paths, request);
        return (answer == null ? HttpResponse.of(204) : answer)
                .toBuilder().header("Allow", allow).build();
    }

    private static Set<String> allowed(Set<String> methods) {
        Set<String> all = new TreeSet<>(methods);
        all.add("OPTIONS");
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        return all;
    }

    private static @Nullable HttpResponse preflight(PathTree paths, HttpRequest request) {
        String method = Cors.one(request, "Access-Control-Request-Method");
        Match match = method == null ? null : match(paths, method, request.rawPath());
        CorsPolicy policy = match == null ? null : match.target().subscription().cors();
        return policy == null ? null : Cors.preflight(policy, request);
    }

    /** The subscription that answers a method at a path; null when there is none. That of {@code GET} answers {@code HEAD}. */
    static @Nullable Match match(PathTree paths, String method, String rawPath) {
        Match match = paths.match(method, rawPath);
        return match == null && method.equals("HEAD") ? paths.match("GET", rawPath) : match;
    }

    /** Grants what a sender of webhooks asks for; null when it asks for nothing, or is not allowed. */
    private static @Nullable HttpResponse handshake(PathTree paths, HttpRequest request) {
        String origin = Cors.one(request, REQUEST_ORIGIN);
        Match match = origin == null ? null : paths.match("POST", request.rawPath());
        if (origin == null || match == null) {
            return null;
        }
        List<String> allowed = match.target().subscription().webhookOrigins();
        if (allowed.stream().noneMatch(each -> each.equals("*") || each.equalsIgnoreCase(origin))) {
            return null;
        }
        String rate = Cors.one(request, REQUEST_RATE);
        if (rate != null && !RATE.matcher(rate).matches()) {
            return Problems.problem(400, REQUEST_RATE + " must be a positive number of requests a minute");
        }
        return HttpResponse.builder(200)
                .header("WebHook-Allowed-Origin", origin)
                .header("WebHook-Allowed-Rate", rate == null ? "*" : rate)
                .build();
    }
}

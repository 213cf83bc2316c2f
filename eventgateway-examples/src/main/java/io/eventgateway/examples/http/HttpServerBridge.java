package io.eventgateway.examples.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.eventgateway.EventGateway;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

// tag::bridge[]
/** Hands what the JDK's HTTP server receives to a gateway, and what the gateway answers to the client. */
public final class HttpServerBridge implements HttpHandler {
    /** What is between the server and its client, and never the function's to say (RFC 9110, section 7.6.1). */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    private final EventGateway gateway;
    private final int maxBody;

    /** Creates a bridge that answers 413 to a body of more than {@code maxBody} bytes. */
    public HttpServerBridge(EventGateway gateway, int maxBody) {
        this.gateway = gateway;
        this.maxBody = maxBody;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            send(exchange, answer(exchange));
        }
    }

    private HttpResponse answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(maxBody + 1); // never more in memory than the limit
        if (body.length > maxBody) {
            return HttpResponse.of(413, "text/plain", "a body has at most " + maxBody + " bytes");
        }
        return gateway.handle(request(exchange, body)); // 400 for a target or a header that HTTP does not allow
    }

    private static HttpRequest request(HttpExchange exchange, byte[] body) {
        URI uri = exchange.getRequestURI(); // of "//a/b", it takes a for a host: as text, it is the path that was sent
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String target = uri.getScheme() == null ? uri.toString() : uri.getRawPath() + query;
        return HttpRequest.received(exchange.getRequestMethod(), target)
                .headers(exchange.getRequestHeaders()) // a header may come several times
                .body(body)
                .build();
    }

    private static void send(HttpExchange exchange, HttpResponse response) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        response.allHeaders().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values); // all of them: cookies can't be joined to one value
            }
        });
        byte[] body = response.body(); // empty for HEAD
        exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
// end::bridge[]

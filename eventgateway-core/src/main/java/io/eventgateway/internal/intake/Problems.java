package io.eventgateway.internal.intake;

import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.event.FailureText;
import io.eventgateway.internal.event.Thrown;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The responses of the gateway itself to requests that no function answers. What was thrown is for the log, not for the client. */
final class Problems {
    private static final Logger log = LoggerFactory.getLogger(Requests.class);

    private Problems() {}

    static HttpResponse problem(int status, String text) {
        return HttpResponse.of(
                status, "text/plain; charset=utf-8", FailureText.of(text).getBytes(StandardCharsets.UTF_8));
    }

    static HttpResponse closed() {
        return problem(503, "the gateway is closed");
    }

    static HttpResponse refused() {
        return problem(403, "the request was refused");
    }

    static HttpResponse unanswerable(HttpRequest request, Throwable e) {
        log.error("{} could not be answered", request, Thrown.loggable(e));
        return problem(500, "the request could not be answered");
    }

    static HttpResponse invalid(HttpRequest request, InvalidRequestException e) {
        log.debug("{} can't be read: {}", request, FailureText.of(e.reason()));
        return problem(400, "the request can't be read: " + e.reason());
    }
}

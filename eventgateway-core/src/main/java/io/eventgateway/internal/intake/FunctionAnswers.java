package io.eventgateway.internal.intake;

import io.eventgateway.InvocationResult;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.event.Thrown;
import io.eventgateway.internal.http.MediaTypes;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Makes responses of what functions return. */
final class FunctionAnswers {
    private static final Logger log = LoggerFactory.getLogger(Requests.class);

    private FunctionAnswers() {}

    static HttpResponse response(Target target, InvocationResult result) {
        Object value = result.value();
        if (value == null) {
            return HttpResponse.of(200);
        }
        if (value instanceof HttpResponse response) {
            return response;
        }
        String functionId = target.subscription().functionId();
        try {
            String contentType = result.contentType();
            if (value instanceof byte[] bytes && !MediaTypes.isJson(contentType)) {
                return HttpResponse.of(200, contentType == null ? "application/octet-stream" : contentType, bytes);
            }
            JsonNode json = result.asJson();
            if (json.isMissingNode()) { // as of a body that is empty
                return HttpResponse.of(200);
            }
            return target.function().mayAnswerByProxyConvention() && HttpResponse.isResponse(json)
                    ? HttpResponse.fromJson(json)
                    : HttpResponse.of(200, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
        } catch (DataConversionException e) {
            log.warn("Function '{}' returned what can't be written as JSON", functionId, Thrown.loggable(e));
            return Problems.problem(500, "the function's result can't be written as JSON");
        } catch (IllegalArgumentException e) {
            log.warn("Function '{}' returned a malformed response", functionId, Thrown.loggable(e));
            return Problems.problem(500, "the function returned a malformed response: " + e.getMessage());
        }
    }
}

package io.eventgateway.http;

import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.json.ExactJson;
import io.eventgateway.internal.json.Unreadable;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON forms of requests and responses. */
final class HttpJson {
    static final JsonMapper MAPPER = JsonMapper.shared();

    private HttpJson() {}

    static JsonNode write(HttpRequest request, byte[] body) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("method", request.method());
        json.put("path", request.path());
        putAll(json.putObject("params"), request.params());
        putAll(json.putObject("query"), request.query());
        putAll(json.putObject("headers"), request.headers());
        if (request.allHeaders().values().stream().anyMatch(values -> values.size() > 1)) {
            ObjectNode lists = json.putObject("multiValueHeaders");
            request.allHeaders().forEach((name, values) -> values.forEach(lists.putArray(name)::add));
        }
        if (body.length > 0) {
            writeBody(json, request, body);
        }
        return json;
    }

    static <T> T read(HttpRequest request, byte[] body, Class<T> type) {
        if (body.length == 0) {
            throw invalid(request, type.getName(), "it is empty", null);
        }
        try {
            T read = MAPPER.readValue(body, type);
            if (read == null) {
                throw invalid(request, type.getName(), "it is JSON null", null);
            }
            return read;
        } catch (InvalidDefinitionException e) {
            throw new DataConversionException(
                    "the body of " + request + " can't be read as " + type.getName() + ": " + Unreadable.reason(e), e);
        } catch (JacksonException e) {
            throw invalid(request, type.getName(), Unreadable.reason(e), e);
        }
    }

    static JsonNode readTree(HttpRequest request, byte[] body) {
        try {
            return body.length == 0 ? MAPPER.missingNode() : ExactJson.read(body);
        } catch (JacksonException e) {
            throw invalid(request, "JSON", Unreadable.reason(e), e);
        }
    }

    private static InvalidRequestException invalid(
            HttpRequest request, String type, String reason, @Nullable Throwable cause) {
        return new InvalidRequestException(
                "the body of " + request + " can't be read as " + type + ": " + reason, reason, cause);
    }

    private static void putAll(ObjectNode json, Map<String, String> values) {
        values.forEach(json::put);
    }

    private static void writeBody(ObjectNode json, HttpRequest request, byte[] body) {
        String contentType = request.headers().get("Content-Type");
        if (MediaTypes.isJson(contentType)) {
            try {
                json.set("body", ExactJson.read(body));
            } catch (JacksonException e) {
                // not what it says it is: the function gets the text and can say so to its caller
                json.put("body", request.bodyAsString());
            }
        } else if (MediaTypes.isText(contentType)) {
            json.put("body", request.bodyAsString());
        } else {
            json.put("body", Base64.getEncoder().encodeToString(body));
            json.put("isBase64Encoded", true);
        }
    }
}

package io.eventgateway.http;

import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.json.ExactJson;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
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
        if (body.length > 0) {
            writeBody(json, request, body);
        }
        return json;
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

package io.eventgateway.http;

import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.json.ExactJson;
import io.eventgateway.internal.json.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
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

    /** The largest body, in bytes, that is written as it came beside its parsed form. */
    static final int MAX_RAW_BODY = 256 * 1024;

    private HttpJson() {}

    static JsonNode write(HttpRequest request, byte[] body) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("method", request.method());
        json.put("path", request.path());
        json.put("rawPath", request.rawPath());
        if (request.rawQuery() != null) {
            json.put("rawQuery", request.rawQuery());
        }
        putAll(json.putObject("params"), request.params());
        putAll(json.putObject("query"), request.query());
        putLists(json, "multiValueQuery", request.allQuery());
        putAll(json.putObject("headers"), request.headers());
        putLists(json, "multiValueHeaders", request.allHeaders());
        List<String> cookies = request.cookies();
        if (!cookies.isEmpty()) {
            cookies.forEach(json.putArray("cookies")::add);
        }
        Authorization authorization = request.authorization();
        if (authorization != null) {
            json.set("authorization", authorization.grantedToJson());
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

    /** Writes all values of all names, where a name has several. */
    private static void putLists(ObjectNode json, String member, Map<String, List<String>> values) {
        if (values.values().stream().anyMatch(list -> list.size() > 1)) {
            ObjectNode lists = json.putObject(member);
            values.forEach((name, list) -> list.forEach(lists.putArray(name)::add));
        }
    }

    private static void writeBody(ObjectNode json, HttpRequest request, byte[] body) {
        String contentType = request.headers().get("Content-Type");
        if (MediaTypes.isJson(contentType)) {
            try {
                json.set("body", ExactJson.read(body));
                writeRawBody(json, body); // blanks, escapes and the order of members are lost in a tree
            } catch (JacksonException e) {
                // not what it says it is: the function gets the text and can say so to its caller
                writeText(json, request, body);
            }
        } else if (MediaTypes.isText(contentType)) {
            writeText(json, request, body);
        } else {
            json.put("body", Base64.getEncoder().encodeToString(body));
            json.put("isBase64Encoded", true);
        }
    }

    private static void writeText(ObjectNode json, HttpRequest request, byte[] body) {
        String text = request.bodyAsString();
        json.put("body", text);
        if (!Arrays.equals(text.getBytes(MediaTypes.charset(request.headers().get("Content-Type"))), body)) {
            writeRawBody(json, body);
        }
    }

    /** Writes the body a second time, as it came; not a large one, since both count against the largest payload. */
    private static void writeRawBody(ObjectNode json, byte[] body) {
        if (body.length > MAX_RAW_BODY) {
            return;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body)) {
            json.put("rawBody", text);
        } else {
            json.put("rawBody", Base64.getEncoder().encodeToString(body));
            json.put("isRawBodyBase64Encoded", true);
        }
    }
}

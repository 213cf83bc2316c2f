package io.eventgateway.internal.event;

import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.internal.filter.EventValues;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.http.ShownText;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** CloudEvents' JSON event format 1.0, structured mode. */
public final class StructuredJson {
    private StructuredJson() {}

    public static ObjectNode write(Event event) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("specversion", "1.0");
        json.put("id", event.getId());
        json.put("source", event.getSource().toString());
        json.put("type", event.getType());
        putText(json, "subject", event.getSubject());
        OffsetDateTime time = event.getTime();
        putText(json, "time", time == null ? null : timestamp(time));
        putText(json, "datacontenttype", event.getDataContentType());
        URI schema = event.getDataSchema();
        putText(json, "dataschema", schema == null ? null : schema.toString());
        for (String name : event.getExtensionNames()) {
            Object value = event.getExtension(name);
            if (value instanceof Boolean bool) {
                json.put(name, bool);
            } else if (value instanceof Integer number) {
                json.put(name, number);
            } else if (value != null) {
                json.put(name, canonical(value));
            }
        }
        if (event.getData() != null) {
            writeData(event, json);
        }
        return json;
    }

    private static void putText(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void writeData(Event event, ObjectNode json) {
        String contentType = event.getDataContentType();
        if (Payload.isJson(contentType)) {
            writeJson(event, json);
            return;
        }
        String text = EventValues.textData(event);
        if (text != null) {
            json.put("data", text);
        } else {
            json.put("data_base64", Base64.getEncoder().encodeToString(event.dataAs(byte[].class)));
        }
    }

    /**
     * Writes data of a JSON content type. Bytes that are no JSON all the same, as a client may have sent them, are binary to this
     * format (section 3.1.1): a receiver gets them as they came.
     */
    private static void writeJson(Event event, ObjectNode json) {
        JsonNode data;
        try {
            data = event.dataAsJson();
        } catch (DataConversionException e) {
            if (event.dataAs(Object.class) instanceof byte[] bytes) {
                json.put("data_base64", Base64.getEncoder().encodeToString(bytes));
                return;
            }
            throw e;
        }
        if (!data.isMissingNode()) {
            json.set("data", data);
        }
    }

    /** The canonical string of an extension's value (CloudEvents 1.0, section "Type System"). */
    public static String canonical(Object value) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        return value instanceof OffsetDateTime time ? timestamp(time) : value.toString();
    }

    private static String timestamp(OffsetDateTime time) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    }

    public static Event read(JsonNode json) {
        if (!json.isObject()) {
            throw new InvalidEventException(
                    "a structured event must be a JSON object, was a JSON " + json.getNodeType());
        }
        String version = text(json, "specversion");
        if (version != null && !version.equals("1.0")) {
            throw Attributes.refused("specversion", "'" + version + "'", "'1.0'");
        }
        Event.Builder builder = Event.builder(orNull(text(json, "type")))
                .id(orNull(text(json, "id")))
                .source(orNull(text(json, "source")));
        String contentType = null;
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            JsonNode value = member.getValue();
            if (value.isNull()) {
                continue;
            }
            switch (member.getKey()) {
                case "specversion", "type", "id", "source", "data", "data_base64" -> {}
                case "subject" -> builder.subject(orNull(text(json, "subject")));
                case "time" -> builder.time(time(orNull(text(json, "time"))));
                case "dataschema" -> builder.dataSchema(Attributes.source("dataschema", text(json, "dataschema")));
                case "datacontenttype" -> contentType = Attributes.contentType(orNull(text(json, "datacontenttype")));
                default -> builder.extension(member.getKey(), extension(member.getKey(), value));
            }
        }
        readData(json, contentType, builder);
        return builder.build();
    }

    private static void readData(JsonNode json, @Nullable String contentType, Event.Builder builder) {
        String type = contentType == null ? "application/json" : contentType;
        JsonNode data = json.get("data");
        String base64 = text(json, "data_base64");
        if (base64 != null && data != null && !data.isNull()) {
            throw new InvalidEventException("found both data and data_base64; accepted is one of them"
                    + " (CloudEvents JSON event format, section 3.1)");
        }
        if (base64 != null) {
            try {
                builder.data(type, Base64.getDecoder().decode(base64));
            } catch (IllegalArgumentException e) {
                throw new InvalidEventException("data_base64 must be Base64 (RFC 4648): " + e.getMessage(), e);
            }
        } else if (data != null && !data.isNull()) {
            if (Payload.isJson(type)) {
                builder.data(type, data);
            } else if (data.isString() && !MediaTypes.charset(type).canEncode()) {
                throw Attributes.refused(
                        "datacontenttype",
                        "'" + type + "'",
                        "a charset that text can be written in, or data_base64 in place of data");
            } else if (data.isString()) {
                builder.data(type, data.stringValue().getBytes(MediaTypes.charset(type)));
            } else {
                builder.data(type, data.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static Object extension(String name, JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return value.intValue();
        }
        throw Attributes.refused(
                "extension " + name, "a JSON " + value.getNodeType(), "a string, a boolean or an integer (32 bits)");
    }

    /** A timestamp as RFC 3339 has it. */
    public static OffsetDateTime time(String value) {
        try {
            return OffsetDateTime.parse(value);
        } catch (DateTimeException e) {
            throw Attributes.refused(
                    "time",
                    "'" + ShownText.of(value) + "'",
                    "a timestamp such as 2026-01-31T12:00:00.5Z (RFC 3339), with seconds from 00 to 59, at most 9 digits"
                            + " after their point, and an offset of Z or -18:00 to +18:00");
        }
    }

    private static @Nullable String text(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw Attributes.refused(name, "a JSON " + value.getNodeType(), "a string");
        }
        return value.stringValue();
    }

    /** The checks of the builder say what is wrong with a null; this only tells the compiler. */
    @SuppressWarnings("NullAway")
    private static String orNull(@Nullable String value) {
        return value;
    }
}

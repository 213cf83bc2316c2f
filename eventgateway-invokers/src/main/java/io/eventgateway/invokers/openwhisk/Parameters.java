package io.eventgateway.invokers.openwhisk;

import io.eventgateway.spi.Invocation;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parameters of an action, which OpenWhisk has be a JSON object.
 *
 * <p>Data that is an object is the parameters. Other data is a member of them, named as in the event's JSON form: {@code data}, or {@code
 * data_base64} for bytes. No data is no parameters, and a batch is a member {@code events}.
 */
final class Parameters {
    private Parameters() {}

    /**
     * The parameters as JSON.
     *
     * @throws io.eventgateway.InvocationException if the data can't be sent
     */
    static byte[] of(Invocation invocation, boolean isStructured, JsonMapper mapper) {
        byte[] payload = invocation.payload(); // which also refuses what can't be sent or is too large
        if (invocation.isBatch()) {
            return ("{\"events\":" + new String(payload, StandardCharsets.UTF_8) + "}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        JsonNode event = invocation.event().toJson();
        return bytes(isStructured ? event : ofData(event, mapper));
    }

    private static JsonNode ofData(JsonNode json, JsonMapper mapper) {
        JsonNode data = json.path("data");
        if (data.isObject()) {
            return data;
        }
        ObjectNode parameters = mapper.createObjectNode();
        for (String member : new String[] {"data", "data_base64"}) {
            if (json.has(member)) {
                parameters.set(member, json.get(member));
            }
        }
        return parameters;
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}

package io.eventgateway.invokers.openwhisk;

import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.invokers.client.Answer;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** What the answers of OpenWhisk's API stand for. An activation is one run of an action. */
final class ActivationAnswers {
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;

    private final JsonMapper mapper;

    /** An activation whose result is not there yet. */
    record Pending(String activationId) {}

    ActivationAnswers(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Reads the answer to an invocation: the action's result, or {@link Pending}, for an activation that was accepted alone.
     *
     * @throws io.eventgateway.InvocationException if the action, or the invocation, failed
     */
    InvocationResult ofInvocation(Answer answer) {
        JsonNode json = json(answer);
        if (json.path("response").isObject()) {
            return ofActivation(answer, json);
        }
        String id = json.path("activationId").asString("");
        if (answer.status() == ACCEPTED && !id.isEmpty()) {
            return InvocationResult.of(new Pending(id));
        }
        if (answer.isSuccessful()) {
            throw answer.failure(Kind.PROVIDER_ERROR, true, "the answer has no activation");
        }
        throw refused(answer);
    }

    /**
     * Reads the record of an activation that was asked for; it is {@link Pending} until the record is stored, and where a success has no
     * activation, as a proxy's page.
     */
    InvocationResult ofRecord(Answer answer, Pending pending) {
        boolean isPending = answer.status() == NOT_FOUND
                || (answer.isSuccessful() && !json(answer).path("response").isObject());
        return isPending ? InvocationResult.of(pending) : ofInvocation(answer);
    }

    private InvocationResult ofActivation(Answer answer, JsonNode activation) {
        JsonNode response = activation.path("response");
        JsonNode result = response.path("result");
        String status = response.path("status").asString("");
        return switch (status) {
            case "success" -> result(result);
            case "application error", "action developer error", "developer error" ->
                throw answer.failure(Kind.FUNCTION_ERROR, true, status, error(result));
            case "whisk internal error" -> throw answer.failure(Kind.PROVIDER_ERROR, true, status, error(result));
            default -> throw answer.failure(Kind.PROVIDER_ERROR, true, "the activation's status is not known", status);
        };
    }

    /** An action that returns nothing has the result {@code {}}, since every result is an object. */
    private InvocationResult result(JsonNode result) {
        return result.isMissingNode() || result.isNull() || (result.isObject() && result.isEmpty())
                ? InvocationResult.empty()
                : InvocationResult.ofBytes(
                        "application/json", result.toString().getBytes(StandardCharsets.UTF_8), mapper);
    }

    private static String error(JsonNode result) {
        JsonNode error = result.path("error");
        return error.isString() ? error.stringValue() : error.isMissingNode() ? "" : error.toString();
    }

    private static RuntimeException refused(Answer answer) {
        int status = answer.status();
        if (status == 401 || status == 403) {
            return answer.failure(Kind.ACCESS_DENIED, false, "is 'auth' the namespace's key?");
        }
        return status == 408 || status == 429 || answer.isServerError()
                ? answer.failure(Kind.PROVIDER_ERROR, true, "")
                : answer.failure(Kind.CALL_FAILED, false, ""); // an unknown action, parameters that are refused
    }

    private JsonNode json(Answer answer) {
        try {
            return answer.body().length == 0 ? MissingNode.getInstance() : mapper.readTree(answer.body());
        } catch (JacksonException e) {
            return MissingNode.getInstance(); // a proxy's page
        }
    }
}

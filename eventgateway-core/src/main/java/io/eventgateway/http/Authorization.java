package io.eventgateway.http;

import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.internal.http.HttpFields;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an authorizer function answers about a request: that it is granted, and to whom; or that it is refused. Immutable.
 *
 * <p>An authorizer outside of this process answers the JSON form, which is that of Serverless' Event Gateway 0.9: {@code
 * {"authorization": {"principalId": "u-1", "context": {"plan": "pro"}}}}, or {@code {"error": {"message": "expired"}}}, where {@code
 * "statusCode": 401} and {@code "challenge"} may stand beside the message. Any other answer is the authorizer's failure. A grant
 * must name its principal, and has nothing beside {@code principalId} and {@code context}: an answer that is cut short, or says
 * something else that this gateway does not know, grants nothing.
 */
public final class Authorization {
    /** The type of the event that an authorizer is called with; its data is the {@link HttpRequest}. */
    public static final String EVENT_TYPE = "http.authorize";

    private static final int UNAUTHENTICATED = 401;
    private static final int REFUSED = 403;

    private final @Nullable String principalId;
    private final Map<String, String> context;
    private final int refusedWith;
    private final @Nullable String challenge;
    private final @Nullable String message;

    private Authorization(
            @Nullable String principalId,
            Map<String, String> context,
            int refusedWith,
            @Nullable String challenge,
            @Nullable String message) {
        this.principalId = principalId;
        this.context = Collections.unmodifiableMap(new TreeMap<>(context));
        this.refusedWith = refusedWith;
        this.challenge = challenge == null ? null : HttpFields.checkValue("WWW-Authenticate", challenge);
        this.message = message;
    }

    /**
     * The request may be handled, on behalf of a principal such as a user's id.
     *
     * @throws IllegalArgumentException if the principal is blank
     */
    public static Authorization granted(String principalId) {
        return granted(principalId, Map.of());
    }

    /**
     * The request may be handled; the function gets what is known of the principal, by {@link HttpRequest#authorization()}.
     *
     * @throws IllegalArgumentException if the principal is blank
     */
    public static Authorization granted(String principalId, Map<String, String> context) {
        Objects.requireNonNull(principalId, "principalId must not be null");
        if (principalId.isBlank()) {
            throw new IllegalArgumentException(
                    "principalId must name on whose behalf the request is, such as a user's id, was blank");
        }
        return new Authorization(principalId, context, 0, null, null);
    }

    /**
     * The request is refused: the client gets 403.
     *
     * @param message why, for the log alone
     */
    public static Authorization refused(String message) {
        return new Authorization(null, Map.of(), REFUSED, null, message);
    }

    /**
     * The client must say who it is: it gets 401.
     *
     * @param challenge the value of {@code WWW-Authenticate}, such as {@code Bearer realm="orders"} (RFC 9110, section 11.6.1)
     * @param message why, for the log alone
     * @throws IllegalArgumentException if the challenge has a line feed or another control character, which would make it more than
     *     a header's value; it is not shown
     */
    public static Authorization unauthenticated(String challenge, String message) {
        return new Authorization(null, Map.of(), UNAUTHENTICATED, challenge, message);
    }

    /**
     * The authorization that a JSON answer means.
     *
     * @throws IllegalArgumentException if it is neither an authorization nor an error; the message says what is wrong
     */
    public static Authorization fromJson(JsonNode json) {
        JsonNode granted = json.path("authorization");
        JsonNode error = json.path("error");
        boolean isGranted = granted.isObject();
        if (isGranted == error.isObject()) {
            throw new IllegalArgumentException("an authorizer must answer an object with either the object"
                    + " 'authorization' or the object 'error', answered "
                    + (isGranted ? "both" : "neither"));
        }
        return isGranted ? grantOf(json, granted) : refusalOf(error);
    }

    private static Authorization grantOf(JsonNode json, JsonNode granted) {
        requireOnly("an answer that grants", Set.of("authorization"), json);
        requireOnly("authorization", Set.of("principalId", "context"), granted);
        JsonNode principal = granted.path("principalId");
        if (!principal.isString() && !principal.isNumber()) {
            throw new IllegalArgumentException("authorization.principalId must be a text that names on whose behalf the"
                    + " request is, was " + (isAbsent(principal) ? "missing" : "a JSON " + principal.getNodeType()));
        }
        JsonNode members = granted.path("context");
        if (!members.isObject() && !isAbsent(members)) {
            throw new IllegalArgumentException("authorization.context must be an object");
        }
        Map<String, String> context = new TreeMap<>();
        members.properties()
                .forEach(member -> context.put(member.getKey(), text(member.getValue(), "authorization.context")));
        return granted(principal.asString(), context);
    }

    /** Refuses members that are not known: one of them may be what keeps the answer from being a grant. */
    private static void requireOnly(String what, Set<String> known, JsonNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!known.contains(member.getKey()) && !member.getValue().isNull()) {
                throw new IllegalArgumentException(
                        what + " must have only " + new TreeSet<>(known) + ", has '" + member.getKey() + "'");
            }
        }
    }

    private static Authorization refusalOf(JsonNode error) {
        JsonNode status = error.path("statusCode");
        int code = isAbsent(status) ? REFUSED : status.asInt(0);
        if (code != UNAUTHENTICATED && code != REFUSED) {
            throw new IllegalArgumentException("error.statusCode must be 401 or 403");
        }
        return new Authorization(
                null,
                Map.of(),
                code,
                textOrNull(error.path("challenge"), "error.challenge"),
                textOrNull(error.path("message"), "error.message"));
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static @Nullable String textOrNull(JsonNode value, String member) {
        return isAbsent(value) ? null : text(value, member);
    }

    private static String text(JsonNode value, String member) {
        if (!value.isString() && !value.isNumber() && !value.isBoolean()) {
            throw new IllegalArgumentException(member + " must have texts, had a JSON " + value.getNodeType());
        }
        return value.asString();
    }

    /** Returns whether the request may be handled. */
    public boolean isGranted() {
        return refusedWith == 0;
    }

    /** On whose behalf the request is; null when the authorizer refused. */
    public @Nullable String principalId() {
        return principalId;
    }

    /** What else the authorizer says of a granted request. Unmodifiable. */
    public Map<String, String> context() {
        return context;
    }

    /** The status that a refused request is answered with: 401 or 403. */
    public int statusCode() {
        return refusedWith == 0 ? 200 : refusedWith;
    }

    /** The value of {@code WWW-Authenticate} for a 401; null for none. */
    public @Nullable String challenge() {
        return challenge;
    }

    /** Why a request is refused, for the log; null when it is not said. */
    public @Nullable String message() {
        return message;
    }

    /** The JSON form that {@link #fromJson} reads, a new tree at each call. */
    @JsonValue
    public JsonNode toJson() {
        ObjectNode json = HttpJson.MAPPER.createObjectNode();
        if (isGranted()) {
            json.set("authorization", grantedToJson());
            return json;
        }
        ObjectNode error = json.putObject("error").put("statusCode", refusedWith);
        if (challenge != null) {
            error.put("challenge", challenge);
        }
        if (message != null) {
            error.put("message", message);
        }
        return json;
    }

    ObjectNode grantedToJson() {
        ObjectNode granted = HttpJson.MAPPER.createObjectNode();
        if (principalId != null) {
            granted.put("principalId", principalId);
        }
        ObjectNode members = granted.putObject("context");
        context.forEach(members::put);
        return granted;
    }

    /** Says whether the request is granted; no principal, context or message, since they may be personal. */
    @Override
    public String toString() {
        return "Authorization[" + (isGranted() ? "granted" : "refused with " + refusedWith) + "]";
    }
}

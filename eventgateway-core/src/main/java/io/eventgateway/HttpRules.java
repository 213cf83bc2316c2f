package io.eventgateway;

import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.http.CorsPolicy;
import io.eventgateway.internal.event.Names;
import io.eventgateway.internal.http.ShownText;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an http subscription says about who may send it requests. Immutable; each part is absent unless said. */
record HttpRules(
        @Nullable CorsPolicy cors,
        @Nullable String authorizer,
        @Nullable String verifier,
        List<String> webhookOrigins) {
    static final HttpRules NONE = new HttpRules(null, null, null, List.of());

    private static final Pattern DNS_NAME = Pattern.compile("\\*|[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?");

    HttpRules {
        webhookOrigins = List.copyOf(webhookOrigins);
    }

    HttpRules withCors(CorsPolicy policy) {
        return new HttpRules(policy, authorizer, verifier, webhookOrigins);
    }

    HttpRules withAuthorizer(String functionId) {
        return new HttpRules(cors, functionId, verifier, webhookOrigins);
    }

    HttpRules withVerifier(String name) {
        return new HttpRules(cors, authorizer, name, webhookOrigins);
    }

    HttpRules withWebhookOrigins(List<String> origins) {
        return new HttpRules(cors, authorizer, verifier, origins);
    }

    /**
     * Checks the rules of a subscription.
     *
     * @param method the method of the http subscription; null for a subscription to events, which has no rules
     * @throws InvalidSubscriptionException if a rule is not valid, or would do nothing
     */
    HttpRules checked(String what, @Nullable String method) {
        if (equals(NONE)) {
            return NONE;
        }
        if (method == null) {
            throw new InvalidSubscriptionException("the subscription to " + what
                    + " can't have cors, an authorizer, a verifier or webhookOrigins: only an http subscription gets"
                    + " requests");
        }
        if (authorizer != null) {
            Names.check("authorizer of the subscription to " + what, authorizer, InvalidSubscriptionException::new);
        }
        if (verifier != null) {
            Names.check("verifier of the subscription to " + what, verifier, InvalidSubscriptionException::new);
        }
        if (cors != null && !cors.methods().isEmpty() && !cors.methods().contains(method)) {
            throw new InvalidSubscriptionException("the cors of the subscription to " + what + " allows "
                    + cors.methods() + ", which would do nothing: the methods must have the subscription's own, "
                    + method);
        }
        if (!webhookOrigins.isEmpty() && !method.equals("POST")) {
            throw new InvalidSubscriptionException(
                    "the subscription to " + what
                            + " can't have webhookOrigins: webhooks are sent by POST (CloudEvents HTTP Web Hooks, section 2.1)");
        }
        for (String origin : webhookOrigins) {
            if (!DNS_NAME.matcher(origin).matches()) {
                throw new InvalidSubscriptionException("webhookOrigins of the subscription to " + what
                        + " must be DNS names such as eventemitter.example.com, or '*', had '" + ShownText.of(origin)
                        + "'");
            }
        }
        return this;
    }
}

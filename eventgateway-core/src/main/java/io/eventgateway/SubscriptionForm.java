package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.FailingPeriod;
import io.eventgateway.delivery.Pause;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.http.CorsPolicy;
import io.eventgateway.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a subscription's JSON form as they were read, not checked yet. */
record SubscriptionForm(
        @Nullable String id,
        @Nullable SubscriptionMode mode,
        @Nullable String eventType,
        @Nullable String functionId,
        @Nullable String method,
        @Nullable String path,
        @Nullable CorsPolicy cors,
        @Nullable String authorizer,
        @Nullable String verifier,
        @Nullable List<String> webhookOrigins,
        @Nullable Boolean enabled,
        @Nullable Filter filter,
        @Nullable Transform transform,
        @Nullable DeliveryPolicy delivery,
        @JsonProperty("paused") @Nullable Pause pause,
        @Nullable FailingPeriod failing,
        @Nullable Map<String, String> metadata) {
    /**
     * Makes the subscription.
     *
     * @throws InvalidSubscriptionException if the members don't make one
     */
    Subscription subscription() {
        Subscription.Builder builder = mode == SubscriptionMode.HTTP ? forRequests() : forEvents();
        builder.enabled(enabled == null || enabled).pause(pause).failing(failing);
        if (functionId != null) {
            builder.function(functionId);
        }
        if (id != null) {
            builder.id(id);
        }
        addRules(builder);
        if (filter != null) {
            builder.filter(filter);
        }
        if (transform != null) {
            builder.transform(transform);
        }
        if (delivery != null) {
            builder.delivery(delivery);
        }
        if (metadata != null) {
            builder.metadata(metadata);
        }
        return builder.build();
    }

    private void addRules(Subscription.Builder builder) {
        if (cors != null) {
            builder.cors(cors);
        }
        if (authorizer != null) {
            builder.authorizer(authorizer);
        }
        if (verifier != null) {
            builder.verify(verifier);
        }
        if (webhookOrigins != null) {
            builder.webhookOrigins(webhookOrigins.toArray(String[]::new));
        }
    }

    private Subscription.Builder forRequests() {
        if (method == null || path == null) {
            throw new InvalidSubscriptionException(
                    "an http subscription needs a method and a path, had method " + method + " and path " + path);
        }
        if (eventType != null && !eventType.equals(HttpRequest.EVENT_TYPE)) {
            throw new InvalidSubscriptionException(
                    "the eventType of an http subscription is " + HttpRequest.EVENT_TYPE + ", was '" + eventType + "'");
        }
        return Subscription.http(method, path);
    }

    private Subscription.Builder forEvents() {
        if (method != null || path != null) {
            throw new InvalidSubscriptionException(
                    "only a subscription of mode http has a method and a path, this is of mode "
                            + (mode == SubscriptionMode.SYNC ? "sync" : "async"));
        }
        return new Subscription.Builder(mode == null ? SubscriptionMode.ASYNC : mode, eventType, null, null);
    }
}

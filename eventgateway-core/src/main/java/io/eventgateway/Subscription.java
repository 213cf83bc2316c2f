package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.FailingPeriod;
import io.eventgateway.delivery.Pause;
import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.http.Authorization;
import io.eventgateway.http.CorsPolicy;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.internal.event.DerivedId;
import io.eventgateway.internal.event.EventTypePattern;
import io.eventgateway.internal.event.Metadata;
import io.eventgateway.internal.event.Names;
import io.eventgateway.internal.http.HttpFields;
import io.eventgateway.internal.http.PathPattern;
import io.eventgateway.internal.json.ValueJson;
import io.eventgateway.spi.Registration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What binds events to a function: an event type or pattern, or a method and path; and how the function is called. An immutable
 * value.
 *
 * <p>An event type matches exactly, or by its dot-separated segments: {@code *} stands for one segment, {@code **} for any
 * number, none included ({@code order.**} matches {@code order}, {@code order.placed} and {@code order.item.added}). A pattern
 * that starts with a wildcard does not match system events, as MQTT's {@code #} does not match {@code $SYS} (MQTT 5.0, section
 * 4.7.2): {@code gateway.**} does.
 */
@JsonAutoDetect(
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        fieldVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public final class Subscription implements Registration {
    private final String id;
    private final SubscriptionMode mode;
    private final String eventType;
    private final String functionId;
    private final @Nullable String method;
    private final @Nullable PathPattern path;
    private final HttpRules http;
    private final boolean enabled;
    private final @Nullable Filter filter;
    private final @Nullable Transform transform;
    private final @Nullable DeliveryPolicy delivery;
    private final @Nullable Pause pause;
    private final @Nullable FailingPeriod failing;
    private final Map<String, String> metadata;
    private final List<Finding> findings;

    private Subscription(Builder builder) {
        this.mode = builder.mode;
        this.eventType = EventTypePattern.checked(builder.eventType);
        this.functionId = Names.check(
                "functionId of the subscription to " + builder.bound(),
                builder.functionId,
                InvalidSubscriptionException::new);
        this.method = builder.method;
        this.path = builder.path;
        this.http = builder.http.checked(builder.bound(), method);
        this.enabled = builder.enabled;
        this.filter = builder.filter;
        this.transform = builder.transform;
        this.delivery = builder.delivery;
        this.metadata = Metadata.copy(builder.metadata, InvalidSubscriptionException::new);
        this.findings = List.copyOf(builder.findings);
        this.id = builder.id == null
                ? derivedId()
                : Names.checkId("id of a subscription", builder.id, InvalidSubscriptionException::new);
        this.pause = builder.pause;
        this.failing = builder.failing;
        PolicyParts.check(id, mode, delivery);
        if (pause != null && mode != SubscriptionMode.ASYNC) {
            throw new InvalidSubscriptionException(
                    "subscription '" + id + "' can't be paused: only an async one can be,"
                            + " whose events wait; it is " + mode.name().toLowerCase(Locale.ROOT)
                            + ", so that somebody waits for its function");
        }
    }

    /** A subscription to an event type or a pattern of types; async unless the builder says otherwise. */
    public static Builder to(String eventType) {
        return new Builder(SubscriptionMode.ASYNC, eventType, null, null);
    }

    /**
     * A subscription to requests.
     *
     * @param method an HTTP method, any case
     * @param path a path such as {@code /users/:id} or {@code /files/*rest}
     * @throws InvalidSubscriptionException if the method is not a token (RFC 9110, section 9.1) or the path is not a pattern
     */
    public static Builder http(String method, String path) {
        String checkedMethod;
        try {
            checkedMethod = HttpFields.checkMethod(method);
        } catch (IllegalArgumentException e) {
            throw new InvalidSubscriptionException(Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
        }
        return new Builder(SubscriptionMode.HTTP, HttpRequest.EVENT_TYPE, checkedMethod, PathPattern.parse(path));
    }

    /**
     * A subscription from its JSON form.
     *
     * @throws InvalidSubscriptionException if it is not one
     * @throws InvalidFilterException if its filter is not valid
     * @throws InvalidTransformException if its transform is not valid
     */
    public static Subscription fromJson(String json) {
        return ValueJson.read("a subscription", json, Subscription.class, InvalidSubscriptionException::new);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Subscription of(SubscriptionForm form) {
        return form.subscription();
    }

    /**
     * The JSON form.
     *
     * @throws IllegalStateException if its filter has code in it ({@link Filter#where})
     */
    @Override
    public String toJson() {
        if (filter != null && !filter.isStorable()) {
            throw new IllegalStateException(
                    "subscription '" + id + "' has a filter with code in it, which has no JSON form");
        }
        return ValueJson.write(this);
    }

    /**
     * The id, unique in the space: given, or what the subscription binds, such as {@code order.placed->shipping} or {@code GET
     * /users/:id->getUser}. A subscription with a filter or a transform has a hash of both behind it, so another filter is
     * another id: give an id where the filter is to change and the subscription is to stay. Filters with code in them ({@link
     * Filter#where}) all make the same id, so a second one of a binding needs an id of its own.
     */
    @Override
    @JsonProperty
    public String id() {
        return id;
    }

    /** How the function is called. */
    @JsonProperty
    public SubscriptionMode mode() {
        return mode;
    }

    /** The event type or pattern; that of http events for an http subscription. */
    @JsonProperty
    public String eventType() {
        return eventType;
    }

    /** The function that is called. */
    @JsonProperty
    public String functionId() {
        return functionId;
    }

    /** The method of an http subscription, in upper case; null for the others. */
    @JsonProperty
    public @Nullable String method() {
        return method;
    }

    /** The path pattern of an http subscription; null for the others. */
    @JsonProperty
    public @Nullable String path() {
        return path == null ? null : path.toString();
    }

    /** The policy that says which pages of other origins may call an http subscription from a browser; null when none may. */
    @JsonProperty
    public @Nullable CorsPolicy cors() {
        return http.cors();
    }

    /** The id of the function that says whether a request may be handled; null when there is none. */
    @JsonProperty
    public @Nullable String authorizer() {
        return http.authorizer();
    }

    /** The name of the {@link EventGateway.Builder#webhookVerifier verifier} that a request must pass; null when there is none. */
    @JsonProperty
    public @Nullable String verifier() {
        return http.verifier();
    }

    /** The origins that may send webhooks, by CloudEvents' validation handshake; empty when that is not answered. Unmodifiable. */
    @JsonProperty
    public List<String> webhookOrigins() {
        return http.webhookOrigins();
    }

    /** Whether events are delivered; a disabled subscription keeps its id, and its path. */
    @JsonProperty
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public boolean enabled() {
        return enabled;
    }

    /** Which events of its type it wants; null when all. */
    @JsonProperty
    public @Nullable Filter filter() {
        return filter;
    }

    /** What makes the function's payload of an event; null when the event goes as it is. */
    @JsonProperty
    public @Nullable Transform transform() {
        return transform;
    }

    /** The delivery policy, which completes itself from the gateway's default; null when that alone holds. */
    @JsonProperty
    public @Nullable DeliveryPolicy delivery() {
        return delivery;
    }

    /**
     * The pause that {@link Subscriptions#pause(String, Pause)} began and {@link Subscriptions#resume} did not end; null when there is
     * none. It may have {@linkplain Pause#isOnAt ended by itself}.
     */
    @JsonProperty("paused")
    public @Nullable Pause pause() {
        return pause;
    }

    /**
     * The time in which every attempt of this subscription's deliveries has failed; null when there is none, or it is shorter than an
     * hour. When it gets as long as {@link DeliveryPolicy#pauseAfterFailing} says, the subscription is paused. Not part of what makes
     * the subscription equal to another; an update begins it anew.
     */
    @JsonProperty
    public @Nullable FailingPeriod failing() {
        return failing;
    }

    /** Labels that the application gives and can list by. Unmodifiable. */
    @JsonProperty
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * What {@link Subscriptions#create} and {@link Subscriptions#update} found about the subscription: what can never match, and cycles of
     * functions; empty for every other
     * instance. Neither part of its JSON form nor of what makes it equal to another.
     */
    public List<Finding> findings() {
        return findings;
    }

    /** Returns whether this id is the one that would be derived from what the subscription binds. */
    boolean hasDerivedId() {
        return id.equals(derivedId());
    }

    /** This subscription with what was noticed about it. */
    Subscription withFindings(List<Finding> noticed) {
        Builder builder = toBuilder();
        builder.pause = pause;
        builder.failing = failing;
        builder.findings = noticed;
        return builder.build();
    }

    /** This subscription with another pause; null for none. */
    Subscription withPause(@Nullable Pause other) {
        Builder builder = toBuilder();
        builder.pause = other;
        return builder.build();
    }

    /** This subscription with another time of failing; null for none. */
    Subscription withFailing(@Nullable FailingPeriod period) {
        Builder builder = toBuilder();
        builder.pause = pause;
        builder.failing = period;
        return builder.build();
    }

    /**
     * A builder that starts with everything that this subscription says, its id included. Its pause is not among that: an update
     * leaves a pause as it is, and {@link Subscriptions#pause} and {@link Subscriptions#resume} change it.
     */
    public Builder toBuilder() {
        Builder builder = new Builder(mode, eventType, method, path);
        builder.functionId = functionId;
        builder.http = http;
        builder.id = id;
        builder.enabled = enabled;
        builder.filter = filter;
        builder.transform = transform;
        builder.delivery = delivery;
        builder.metadata = metadata;
        return builder;
    }

    private String derivedId() {
        String bound = mode == SubscriptionMode.HTTP ? method + " " + path : eventType;
        return DerivedId.of(bound + "->" + functionId, mode, codeOf(filter), codeOf(transform));
    }

    private static String codeOf(@Nullable Filter filter) {
        return filter == null ? "" : filter.isStorable() ? filter.toJson() : "code";
    }

    private static String codeOf(@Nullable Transform transform) {
        return transform == null ? "" : transform.toJson();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Subscription that
                && id.equals(that.id)
                && mode == that.mode
                && eventType.equals(that.eventType)
                && functionId.equals(that.functionId)
                && Objects.equals(method, that.method)
                && Objects.equals(path, that.path)
                && http.equals(that.http)
                && enabled == that.enabled
                && Objects.equals(filter, that.filter)
                && Objects.equals(transform, that.transform)
                && Objects.equals(delivery, that.delivery)
                && Objects.equals(pause, that.pause)
                && metadata.equals(that.metadata);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, mode, eventType, functionId, enabled);
    }

    @Override
    public String toString() {
        return "Subscription[id=" + id + ", "
                + (mode == SubscriptionMode.HTTP ? method + " " + path : eventType)
                + " -> " + functionId + ", " + mode + (enabled ? "" : ", disabled")
                + (pause == null ? "" : ", paused") + "]";
    }

    /** Builds a {@link Subscription}. Not thread-safe. */
    public static final class Builder {
        private SubscriptionMode mode;
        private final @Nullable String eventType;
        private final @Nullable String method;
        private final @Nullable PathPattern path;
        private HttpRules http = HttpRules.NONE;
        private @Nullable String functionId;
        private @Nullable String id;
        private boolean enabled = true;
        private @Nullable Filter filter;
        private @Nullable Transform transform;
        private @Nullable DeliveryPolicy delivery;
        private @Nullable Pause pause;
        private @Nullable FailingPeriod failing;
        private Map<String, String> metadata = Map.of();
        private List<Finding> findings = List.of();

        Builder(
                SubscriptionMode mode,
                @Nullable String eventType,
                @Nullable String method,
                @Nullable PathPattern path) {
            this.mode = mode;
            this.eventType = eventType;
            this.method = method;
            this.path = path;
        }

        /** Sets the pause, which applications set by {@link Subscriptions#pause}; null for none. */
        Builder pause(@Nullable Pause pause) {
            this.pause = pause;
            return this;
        }

        /** Sets the time in which all attempts failed, which the gateway does; null for none. */
        Builder failing(@Nullable FailingPeriod period) {
            this.failing = period;
            return this;
        }

        /** What the subscription binds, for a message. */
        private String bound() {
            return path == null ? "event type '" + eventType + "'" : method + " " + path;
        }

        /** The function to call; required. */
        public Builder function(String functionId) {
            this.functionId = functionId;
            return this;
        }

        /**
         * Call the function on the emitter's thread, before {@code emit} returns.
         *
         * @throws InvalidSubscriptionException if this is an http subscription
         */
        public Builder sync() {
            return mode(SubscriptionMode.SYNC);
        }

        /** Call the function on the gateway's threads, which is what a subscription does unless told. */
        public Builder async() {
            return mode(SubscriptionMode.ASYNC);
        }

        private Builder mode(SubscriptionMode wanted) {
            if (mode == SubscriptionMode.HTTP) {
                throw new InvalidSubscriptionException(
                        "an http subscription can't be " + wanted + ": its function is called by handle, for requests");
            }
            this.mode = wanted;
            return this;
        }

        /** An id of one's own choice: 1 to 256 of {@code a-z A-Z 0-9 . - _ > / : * ~ @ + % = ,} and, within, spaces. */
        public Builder id(String id) {
            this.id = id;
            return this;
        }

        /** Whether events are delivered; true unless said. */
        public Builder enabled(boolean enabled) {
            this.enabled = enabled;
            return this;
        }

        /**
         * Which events of the type are delivered; all unless said.
         *
         * @throws InvalidSubscriptionException if this is an http subscription
         */
        public Builder filter(Filter filter) {
            if (mode == SubscriptionMode.HTTP) {
                throw new InvalidSubscriptionException(
                        "an http subscription can't have a filter: its method and path choose the requests");
            }
            this.filter = Objects.requireNonNull(filter, "filter must not be null");
            return this;
        }

        /** What the function gets in place of an event's data; the data as it is unless said. */
        public Builder transform(Transform transform) {
            this.transform = Objects.requireNonNull(transform, "transform must not be null");
            return this;
        }

        /** How deliveries are made; what the policy does not set, or all where there is none, is the gateway's default. */
        public Builder delivery(DeliveryPolicy delivery) {
            this.delivery = Objects.requireNonNull(delivery, "delivery must not be null");
            return this;
        }

        /**
         * Which pages of other origins may call an http subscription from a browser; none unless said. The gateway answers preflights
         * itself.
         */
        public Builder cors(CorsPolicy cors) {
            this.http = http.withCors(Objects.requireNonNull(cors, "cors must not be null"));
            return this;
        }

        /**
         * The function that is called with each request of an http subscription before its own function, and answers whether the request
         * may be handled: an {@link Authorization}, or its JSON form. A request that it refuses, or for which it fails, never reaches the
         * subscription's function.
         */
        public Builder authorizer(String functionId) {
            this.http = http.withAuthorizer(Objects.requireNonNull(functionId, "functionId must not be null"));
            return this;
        }

        /** The name of the {@link EventGateway.Builder#webhookVerifier verifier} that each request of an http subscription must pass. */
        public Builder verify(String verifier) {
            this.http = http.withVerifier(Objects.requireNonNull(verifier, "verifier must not be null"));
            return this;
        }

        /**
         * Who is allowed to send webhooks to an http subscription of {@code POST}: DNS names, or {@code *}. The gateway then answers the
         * validation handshake of CloudEvents (HTTP 1.1 Web Hooks for Event Delivery, section 4). The handshake only tells the sender
         * that its webhooks are wanted; it keeps nobody else from sending.
         */
        public Builder webhookOrigins(String... origins) {
            this.http = http.withWebhookOrigins(List.of(origins));
            return this;
        }

        /** Labels to list by. */
        public Builder metadata(Map<String, String> metadata) {
            this.metadata = Objects.requireNonNull(metadata, "metadata must not be null");
            return this;
        }

        /**
         * The subscription.
         *
         * @throws InvalidSubscriptionException if the event type, the function id, the id or a label is not valid, or the delivery
         *     policy sets a part that does nothing for a subscription of this mode
         */
        public Subscription build() {
            return new Subscription(this);
        }
    }
}

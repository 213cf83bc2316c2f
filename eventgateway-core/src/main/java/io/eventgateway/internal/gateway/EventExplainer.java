package io.eventgateway.internal.gateway;

import io.eventgateway.Event;
import io.eventgateway.Explanation;
import io.eventgateway.Explanation.Reason;
import io.eventgateway.Explanation.SubscriptionExplanation;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.Transform;
import io.eventgateway.delivery.Pause;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.event.EventTypePattern;
import io.eventgateway.internal.filter.Explainer;
import io.eventgateway.internal.transform.Shaper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Says of an event and each subscription of a space what routing and invocation would do. Does nothing else. */
final class EventExplainer {
    private static final int LONGEST_PAYLOAD = 2_000;

    private final FacadeAccess access;
    private final String space;
    /** By event type and id of a subscription. */
    private final ToLongBiFunction<String, String> filterErrors;

    private final @Nullable JsonMapper mapper;
    private final Instant now;
    private final Predicate<Subscription> unreachable;

    EventExplainer(
            FacadeAccess access,
            String space,
            ToLongBiFunction<String, String> filterErrors,
            @Nullable JsonMapper mapper,
            Instant now,
            Predicate<Subscription> unreachable) {
        this.unreachable = unreachable;
        this.access = access;
        this.space = space;
        this.filterErrors = filterErrors;
        this.mapper = mapper;
        this.now = now;
    }

    Explanation explain(Event event, List<Subscription> subscriptions) {
        return new Explanation(
                event,
                subscriptions.stream()
                        .map(subscription -> explain(event, subscription))
                        .sorted(Comparator.comparing(each -> !each.matched()))
                        .toList());
    }

    private SubscriptionExplanation explain(Event event, Subscription subscription) {
        List<Reason> reasons = new ArrayList<>();
        Reason type = type(event, subscription);
        boolean ofType = type.matched();
        reasons.add(type);
        if (!subscription.enabled()) {
            reasons.add(new Reason(false, false, "the subscription is disabled", List.of()));
        }
        Filter filter = subscription.filter();
        if (ofType && filter != null) {
            reasons.add(Explainer.explain(access.condition(filter), event));
        }
        boolean matched = reasons.stream().allMatch(Reason::matched);
        String payload = null;
        String error = null;
        if (matched) {
            try {
                payload = payload(event, subscription);
            } catch (Shaper.Failed e) {
                error = transformFailed(event, subscription, subscription.transform(), e);
            } catch (DataConversionException e) {
                error = e.getMessage();
            }
        }
        Pause pause = subscription.pause() != null && subscription.pause().isOnAt(now) ? subscription.pause() : null;
        return new SubscriptionExplanation(
                subscription,
                matched,
                reasons,
                filter == null ? 0 : filterErrors.applyAsLong(subscription.eventType(), subscription.id()),
                payload,
                error,
                pause,
                unreachable.test(subscription));
    }

    private static Reason type(Event event, Subscription subscription) {
        if (subscription.mode() == SubscriptionMode.HTTP) {
            String request = subscription.method() + " " + subscription.path();
            return new Reason(false, false, "it answers requests of " + request + ", and gets no events", List.of());
        }
        String wanted = subscription.eventType();
        boolean matches = EventTypePattern.of(wanted).matches(event.getType());
        String seen = "type is \"" + event.getType() + "\", ";
        return new Reason(
                matches,
                false,
                seen + (matches ? "as wanted: \"" + wanted + "\"" : "wanted \"" + wanted + "\" (type mismatch)"),
                List.of());
    }

    private @Nullable String payload(Event event, Subscription subscription) {
        Transform transform = subscription.transform();
        Event sent = transform == null
                ? event
                : access.apply(transform, event, space, subscription, mapper).event();
        if (sent.getData() == null) {
            return null;
        }
        byte[] bytes = sent.dataAs(byte[].class);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.length() <= LONGEST_PAYLOAD ? text : text.substring(0, LONGEST_PAYLOAD) + "…";
    }

    static String transformFailed(
            Event event, Subscription subscription, @Nullable Transform transform, Shaper.Failed failure) {
        String form = String.valueOf(transform);
        return "the transform of subscription '" + subscription.id() + "' failed for event '" + event.getId() + "': "
                + failure.getMessage() + "; it is " + (form.length() > 500 ? form.substring(0, 500) + "…" : form);
    }
}

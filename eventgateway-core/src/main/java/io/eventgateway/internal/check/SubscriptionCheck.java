package io.eventgateway.internal.check;

import io.eventgateway.Filter;
import io.eventgateway.Finding;
import io.eventgateway.Finding.Severity;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.filter.Condition;
import io.eventgateway.internal.filter.FilterCheck;
import io.eventgateway.internal.filter.FilterCheck.Remark;
import io.eventgateway.internal.filter.FilterPosition;
import io.eventgateway.internal.json.ExactJson;
import io.eventgateway.internal.schema.EventPlace;
import io.eventgateway.internal.transform.Transforms;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks a subscription against itself and against the schemas of the types that it gets.
 *
 * <p>What can't work for the events of the one type that a subscription names is an error. A subscription to a pattern gets several
 * types, and what can't work for one of them alone is a warning; it is an error where that holds for every registered type, and the
 * space accepts no other.
 */
public final class SubscriptionCheck {
    private static final EventPlace ANY_EVENT = EventPlace.of(null, null);

    private final Subscription subscription;
    private final FacadeAccess access;
    private final Set<Finding> findings = new LinkedHashSet<>();

    private SubscriptionCheck(Subscription subscription, FacadeAccess access) {
        this.subscription = subscription;
        this.access = access;
    }

    /**
     * The findings on a subscription.
     *
     * @param function that it calls; null where that is not known
     * @param kinds the registered types that it gets
     * @param isClosed whether there are no other types
     */
    public static List<Finding> findings(
            Subscription subscription,
            @Nullable FunctionDefinition function,
            List<EventKind> kinds,
            boolean isClosed,
            FacadeAccess access) {
        String eventType = subscription.eventType();
        if (eventType == null) {
            return List.of(); // a request is of no registered type
        }
        SubscriptionCheck check = new SubscriptionCheck(subscription, access);
        boolean isPattern = eventType.indexOf('*') >= 0;
        Filter filter = subscription.filter();
        if (filter != null) {
            check.filter(access.condition(filter), filter, isPattern, kinds, isClosed);
        }
        check.paths(function, isPattern, kinds, isClosed);
        return List.copyOf(check.findings);
    }

    private void filter(
            Condition condition, Filter filter, boolean isPattern, List<EventKind> kinds, boolean isClosed) {
        String named = isPattern ? null : subscription.eventType();
        List<Remark> alone = FilterCheck.remarks(condition, EventPlace.of(named, null), "");
        alone.forEach(remark -> add(remark, filter, null, remark.isError()));
        if (alone.stream().anyMatch(Remark::isError)) {
            return; // every type would say the same
        }
        boolean everyKind = isClosed
                && kinds.stream()
                        .allMatch(kind -> FilterCheck.outcome(condition, kind.place()) == FilterCheck.Outcome.NEVER);
        for (EventKind kind : kinds) {
            List<Remark> remarks = FilterCheck.remarks(condition, kind.place(), "'" + kind.name() + "'");
            boolean isChoice = isPattern && !everyKind; // a filter of a pattern may choose among its types
            if (isChoice && remarks.stream().anyMatch(remark -> remark.isError() && isAboutType(remark))) {
                continue;
            }
            for (Remark remark : remarks) {
                if (isChoice && isAboutType(remark)) {
                    continue;
                }
                boolean isAlways = remark.names().isEmpty() && !remark.isError();
                boolean isKnown = alone.stream().anyMatch(known -> known.names().equals(remark.names()));
                if (!isKnown && !(isPattern && isAlways)) {
                    add(remark, filter, kind.name(), remark.isError() && (!isPattern || everyKind));
                }
            }
        }
    }

    private static boolean isAboutType(Remark remark) {
        return remark.names().equals(List.of("type"));
    }

    private void add(Remark remark, Filter filter, @Nullable String eventType, boolean isError) {
        String position = filter.isStorable()
                ? FilterPosition.of(ExactJson.read(filter.toJson()), remark.names(), remark.text())
                : null;
        add(isError, eventType, "filter", position, remark.message(), remark.suggestion());
    }

    private void add(
            boolean isError,
            @Nullable String eventType,
            String part,
            @Nullable String position,
            String message,
            @Nullable String suggestion) {
        findings.add(access.subscriptionFinding(
                isError ? Severity.ERROR : Severity.WARNING,
                subscription.id(),
                eventType,
                part,
                position,
                message,
                suggestion));
    }

    private void paths(
            @Nullable FunctionDefinition function, boolean isPattern, List<EventKind> kinds, boolean isClosed) {
        Transform transform = subscription.transform();
        if (transform != null) {
            JsonNode form = ExactJson.read(transform.toJson());
            JsonNode path = form.path("path");
            if (path.isString()) {
                path("transform", "", path.stringValue(), transformed(path.stringValue()), isPattern, kinds, isClosed);
            }
            for (Map.Entry<String, JsonNode> each :
                    form.path("template").path("paths").properties()) {
                String text = each.getValue().asString("");
                path("transform", "/paths/" + each.getKey(), text, transformed(text), isPattern, kinds, isClosed);
            }
        }
        DeliveryPolicy policy = subscription.delivery();
        OrderBy order = policy == null ? null : policy.orderBy();
        if (order != null) {
            path("orderBy", null, order.key(), KeyPath.of(order.key()), isPattern, kinds, isClosed);
        }
        Object sticky = function == null || !function.type().equals("weighted")
                ? null
                : function.configuration().get("sticky");
        if (sticky instanceof String key) {
            path("sticky", null, key, KeyPath.of(key), isPattern, kinds, isClosed);
        }
    }

    private static KeyPath transformed(String text) {
        List<Object> steps = new ArrayList<>();
        for (Object step : Transforms.steps(text)) {
            steps.add(step instanceof String || step instanceof Integer ? step : KeyPath.EVERY);
        }
        return new KeyPath(steps);
    }

    private void path(
            String part,
            @Nullable String position,
            String text,
            KeyPath path,
            boolean isPattern,
            List<EventKind> kinds,
            boolean isClosed) {
        int alone = path.missing(ANY_EVENT);
        if (alone >= 0) {
            add(true, null, part, position, "no event can have " + text, suggestion(ANY_EVENT, path, alone));
            return;
        }
        boolean everyKind = isClosed && kinds.stream().allMatch(kind -> path.missing(kind.place()) >= 0);
        for (EventKind kind : kinds) {
            int missing = path.missing(kind.place());
            if (missing >= 0) {
                add(
                        !isPattern || everyKind,
                        kind.name(),
                        part,
                        position,
                        "no event of '" + kind.name() + "' can have " + text,
                        suggestion(kind.place(), path, missing));
            }
        }
    }

    private static @Nullable String suggestion(EventPlace event, KeyPath path, int missing) {
        List<String> names = path.names();
        return names.isEmpty() ? null : FilterCheck.suggestion(event, names, missing);
    }
}

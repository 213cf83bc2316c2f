package io.eventgateway.internal.intake;

import io.eventgateway.http.Authorization;
import io.eventgateway.http.CorsPolicy;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.routing.Space;
import org.jspecify.annotations.Nullable;

/** A request with the subscription that it resolved to. Immutable. */
record Route(
        Space space,
        Target target,
        HttpRequest request,
        @Nullable Cause cause) {
    @Nullable CorsPolicy cors() {
        return target.subscription().cors();
    }

    String functionId() {
        return target.subscription().functionId();
    }

    Route authorized(Authorization authorization) {
        return new Route(
                space, target, request.toBuilder().authorization(authorization).build(), cause);
    }
}

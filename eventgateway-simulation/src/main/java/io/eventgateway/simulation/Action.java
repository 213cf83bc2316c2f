package io.eventgateway.simulation;

import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing that the clients do. Its text is the line that stands in the report of a failure. */
sealed interface Action {
    /**
     * An event to emit.
     *
     * @param key its subject; null for none
     * @param emitsWhenComplete whether what is chained to its completion emits another event
     */
    record Emit(
            int gateway,
            String type,
            @Nullable String key,
            int bytes,
            @Nullable Duration delay,
            @Nullable Duration expiry,
            @Nullable String duplicateKey,
            boolean emitsWhenComplete)
            implements Action {}

    /** Events emitted together. */
    record EmitAll(int gateway, List<Emit> events) implements Action {}

    /** So many events of one key, one after the other. */
    record Burst(int gateway, String type, @Nullable String key, int count) implements Action {}

    /** A subscription that is created, or replaced. */
    record Subscribe(int gateway, Subscription subscription) implements Action {}

    /** Another policy for a subscription. */
    record ChangePolicy(int gateway, String subscription, DeliveryPolicy policy) implements Action {}

    /** Another function for a subscription. */
    record ChangeFunction(int gateway, String subscription, String function) implements Action {}

    /** The end of a subscription. */
    record Unsubscribe(int gateway, String subscription) implements Action {}

    /** A dead letter that is delivered again: the newest, or the oldest. */
    record RedriveOne(int gateway, boolean newest, @Nullable String function) implements Action {}

    /** All dead letters are delivered again. */
    record RedriveAll(int gateway, int perSecond, @Nullable String function) implements Action {}

    /** A dead letter that is forgotten. */
    record PurgeOne(int gateway, boolean newest) implements Action {}

    /** All dead letters are forgotten. */
    record PurgeAll(int gateway) implements Action {}

    /** Everything about a subject is forgotten. */
    record Erase(int gateway, String key) implements Action {}

    /** A call of a function for a caller who waits. */
    record Invoke(int gateway, String function) implements Action {}

    /** Waits for every delivery. */
    record AwaitIdle(int gateway, Duration atMost) implements Action {}

    /** Lets time pass. */
    record Sleep(Duration time) implements Action {}

    /** Lets hanging handlers return. */
    record Release() implements Action {}

    /** Sets the clock on the wall. */
    record JumpWall(Duration by) implements Action {}

    /** Sets the clock of the store forward. */
    record JumpStoreClock(Duration by) implements Action {}

    /** Closes a gateway. */
    record Close(int gateway) implements Action {}

    /** Ends a process in the middle of whatever it does. */
    record Crash(int gateway) implements Action {}

    /** Stops a process for a while. */
    record Pause(int gateway, Duration time) implements Action {}
}

package io.eventgateway.simulation;

import java.util.EnumSet;
import java.util.Set;

/** What a history may have in it. Each history has some of them: what hides a bug in one is left out of another (swarm testing). */
enum Feature {
    ORDER,
    HOLD,
    /** Dead letters that hold a key go away otherwise than by a redrive or a purge. */
    HOLD_RELEASED_ELSEWHERE,
    CONCURRENCY,
    RATE,
    /** A rate of one call an hour that is raised while deliveries wait for it. */
    RATE_RAISED,
    BATCHES,
    /** A subscription waits for two times, or for one that changes. */
    TWO_TIMES,
    /** A check: batches keep the number of calls where several gateways make them. */
    BATCHES_OF_SEVERAL,
    SUBSCRIPTION_BREAKER,
    GATEWAY_BREAKER,
    /** Dead letters go to a function. */
    GRAVEYARD,
    SHORT_LIFE,
    AT_MOST_ONCE,
    SYNC,
    DELAYS,
    EXPIRY,
    DUPLICATES,
    EMIT_ALL,
    BURST,
    /** A gateway is closed while thousands of events of one key wait. */
    CROWD,
    REDRIVE,
    REDRIVE_ELSEWHERE,
    REDRIVE_AT_RATE,
    PURGE,
    ERASE,
    /** What is erased may be about to be delivered from a shared store. */
    ERASE_SHARED,
    /** So few dead letters are kept that some are discarded. */
    DISCARD,
    UPDATE_POLICY,
    /** The order of a subscription changes. */
    UPDATE_ORDER,
    UPDATE_FUNCTION,
    /** What a breaker counts for changes while it counts. */
    UPDATE_AND_BREAKER,
    DELETE,
    INVOKE,
    CLOSE,
    /** An interceptor that looks at how what it let pass ends. */
    INTERCEPTOR,
    AWAIT_IDLE,
    /** A check: what is complete takes no room. */
    ROOM_WHEN_COMPLETE,
    /** What is chained to a completion emits. */
    EMIT_WHEN_COMPLETE,
    HANDLER_FAILS,
    HANDLER_HANGS,
    HANDLER_STAGES,
    HANDLER_REPLIES,
    HANDLER_EMITS,
    HANDLER_LEAVES_FLAG,
    LISTENER,
    /** A listener of system events that fails or emits. */
    LISTENER_FAILS,
    WALL_JUMPS,
    SMALL_BACKLOG,
    SHARED_STORE,
    LATE_ANSWERS,
    STORE_FAILS,
    /** A change is made or not, and its answer is lost: the store finds out after a while, or takes back what it made. */
    STORE_LOSES_ANSWERS,
    /** The clock of the store goes forward at once, as that of a database does which another server takes over. */
    STORE_CLOCK_JUMPS,
    SEVERAL_GATEWAYS,
    CRASH,
    PAUSE;

    /** All of them. */
    static Set<Feature> all() {
        return EnumSet.allOf(Feature.class);
    }
}

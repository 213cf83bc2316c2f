package io.eventgateway.simulation;

import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.history.Retention;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a history begins with.
 *
 * @param timeChance how likely time passes though there is something to run
 * @param scriptChance how likely the clients go on though there is something else to run
 */
record Setting(
        Set<Feature> features,
        int gateways,
        Backlog backlog,
        int deadLetters,
        DeadLetterOverflow overflow,
        @Nullable CircuitBreakerPolicy breaker,
        double timeChance,
        double scriptChance,
        Duration shutdownTimeout,
        boolean recorded) {
    /** A duplicate waits for the first one's emit in real time, so nothing may wait in there. */
    private static final Set<Feature> WAITING = EnumSet.of(
            Feature.SYNC, Feature.LATE_ANSWERS, Feature.STORE_LOSES_ANSWERS, Feature.SMALL_BACKLOG, Feature.CLOSE);

    private static final Set<Feature> BREAKERS = EnumSet.of(Feature.GATEWAY_BREAKER, Feature.SUBSCRIPTION_BREAKER);
    private static final Set<Feature> UPDATES =
            EnumSet.of(Feature.UPDATE_FUNCTION, Feature.UPDATE_POLICY, Feature.DELETE, Feature.REDRIVE_ELSEWHERE);

    private static final Set<Feature> RELEASES = EnumSet.of(
            Feature.GRAVEYARD, Feature.DISCARD, Feature.ERASE, Feature.UPDATE_ORDER, Feature.REDRIVE_AT_RATE);

    /** How long the leases of a shared store are. */
    static final Duration LEASE = Duration.ofSeconds(5);

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** How much of the history the stores keep. */
    Retention retention() {
        return recorded ? Retention.of(Duration.ofDays(1), 1000) : Retention.NONE;
    }

    private static <T> T one(SplittableRandom random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    static Setting of(SplittableRandom random, Set<Feature> allowed, StoreKind store) {
        EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
        double density = 0.15 + 0.6 * random.nextDouble();
        for (Feature feature : Feature.values()) {
            double chance = feature == Feature.CROWD ? 0.003 : feature == Feature.SHARED_STORE ? 0.4 : density;
            if (random.nextDouble() < chance && allowed.contains(feature)) {
                features.add(feature);
            }
        }
        if (store != StoreKind.MEMORY) {
            features.add(Feature.SHARED_STORE);
            features.remove(Feature.CROWD);
        }
        if (features.contains(Feature.CROWD)) {
            features.addAll(Set.of(Feature.ORDER, Feature.CLOSE));
            features.removeAll(Set.of(Feature.SHARED_STORE, Feature.SMALL_BACKLOG, Feature.LISTENER));
        }
        if (!Collections.disjoint(features, WAITING)) {
            features.remove(Feature.DUPLICATES);
        }
        if (features.contains(Feature.RATE_RAISED)) {
            features.remove(Feature.DELETE); // nobody could raise the rate of what is deleted
        }
        if (features.contains(Feature.SHARED_STORE) && !features.contains(Feature.ERASE_SHARED)) {
            features.remove(Feature.ERASE);
        }
        if (!features.contains(Feature.UPDATE_AND_BREAKER) && !Collections.disjoint(features, BREAKERS)) {
            features.removeAll(UPDATES);
        }
        if (features.contains(Feature.HOLD) && !features.contains(Feature.HOLD_RELEASED_ELSEWHERE)) {
            features.removeAll(RELEASES);
        }
        if (!features.contains(Feature.TWO_TIMES)
                && (features.contains(Feature.UPDATE_POLICY) || features.contains(Feature.DELETE))) {
            features.remove(Feature.RATE);
            features.remove(Feature.BATCHES);
        }
        boolean shared = features.contains(Feature.SHARED_STORE);
        int gateways = shared && features.contains(Feature.SEVERAL_GATEWAYS) ? 2 + random.nextInt(2) : 1;
        BacklogPolicy policy = one(random, List.of(BacklogPolicy.values()));
        int bound = features.contains(Feature.SMALL_BACKLOG) ? 1 + random.nextInt(8) : 10_000;
        Backlog backlog = Backlog.of(bound).withPolicy(policy);
        if (features.contains(Feature.SMALL_BACKLOG) && random.nextInt(3) == 0) {
            backlog = backlog.withBytes(20 + random.nextInt(200));
        }
        if (policy == BacklogPolicy.BLOCK) {
            backlog = backlog.withWait(Duration.ofMillis(500 + random.nextInt(10_000)));
        }
        return new Setting(
                features,
                gateways,
                backlog,
                features.contains(Feature.DISCARD) ? 1 + random.nextInt(3) : 1000,
                features.contains(Feature.DISCARD)
                        ? one(random, List.of(DeadLetterOverflow.values()))
                        : DeadLetterOverflow.DISCARD_OLDEST,
                features.contains(Feature.GATEWAY_BREAKER)
                        ? new CircuitBreakerPolicy(1 + random.nextInt(3), Duration.ofMillis(500 + random.nextInt(4000)))
                        : null,
                // a lease is lost where time passes while a gateway's steps wait
                random.nextInt(3) * (shared ? 0 : 0.04),
                0.03 + random.nextDouble() * 0.5,
                Duration.ofMillis(random.nextInt(8_000)),
                features.contains(Feature.ERASE) || random.nextInt(4) == 0);
    }

    @Override
    public String toString() {
        return gateways + " gateway" + (gateways == 1 ? "" : "s")
                + (has(Feature.SHARED_STORE) ? " on a shared store" : " in memory") + ", " + backlog
                + ", dead letters " + deadLetters + " " + overflow + (breaker == null ? "" : ", " + breaker)
                + ", shutdownTimeout " + shutdownTimeout + (recorded ? ", history" : "") + ", features " + features;
    }
}

package io.eventgateway.internal.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.GatewayCounters;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SpaceCountersTest {
    private final SpaceCounters counters = new Counters(InstantSource.system()).of("default");

    @Test
    void noEventIsLostOrCountedTwiceWhileRoutesChange() throws InterruptedException {
        int emitters = 3;
        int events = 200_000;
        TargetCount first = counters.subscription("a", "f", "t");
        TargetCount second = counters.subscription("b", "f", "t");
        AtomicReference<Tally> route = new AtomicReference<>(counters.route("t", List.of(first), List.of()));
        AtomicBoolean done = new AtomicBoolean();
        Thread changes = new Thread(() -> {
            while (!done.get()) {
                route.set(counters.route("t", List.of(first), List.of()));
                route.set(counters.route("t", List.of(first, second), List.of()));
                counters.snapshot(List.of("f"));
            }
        });
        changes.start();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < emitters; i++) {
            Thread thread = new Thread(() -> {
                for (int event = 0; event < events; event++) {
                    route.get().accepted("t");
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        done.set(true);
        changes.join();

        GatewayCounters counted = counters.snapshot(List.of("f"));

        assertThat(counted.ofEventType("t").emitted()).isEqualTo((long) emitters * events);
        assertThat(counted.ofSubscription("a").routed()).isEqualTo((long) emitters * events);
        assertThat(counted.ofFunction("f").routed())
                .isEqualTo(counted.ofSubscription("a").routed()
                        + counted.ofSubscription("b").routed());
    }

    @Test
    void typesBeyondTheBoundShareTheirCounts() {
        TargetCount all = counters.subscription("a", "f", "**");
        for (int i = 0; i < SpaceCounters.MAX_TYPES + 5; i++) {
            counters.route("t" + i, List.of(), List.of(all)).accepted("t" + i);
            all.delivered("t" + i);
        }

        GatewayCounters counted = counters.snapshot(List.of("f"));

        assertThat(counted.eventTypes()).hasSize(SpaceCounters.MAX_TYPES);
        assertThat(counted.otherEventTypes().emitted()).isEqualTo(5);
        assertThat(counted.otherEventTypes().delivered()).isEqualTo(5);
        assertThat(counted.ofSubscription("a").delivered()).isEqualTo(SpaceCounters.MAX_TYPES + 5);
    }

    @Test
    void whatDeletedSubscriptionsCountedStaysWithFunctionsAndTypesWhateverTheirNumber() {
        int subscriptions = SpaceCounters.MAX_GONE + 50;
        for (int i = 0; i < subscriptions; i++) {
            TargetCount count = counters.subscription("s" + i, "f", "t");
            counters.route("t", List.of(), List.of(count)).accepted("t");
            count.delivered("t");
            counters.deleted("s" + i);
        }

        GatewayCounters counted = counters.snapshot(List.of("f"));

        assertThat(counted.subscriptions()).isEmpty();
        assertThat(counted.ofFunction("f").delivered()).isEqualTo(subscriptions);
        assertThat(counted.ofEventType("t").delivered()).isEqualTo(subscriptions);
    }
}

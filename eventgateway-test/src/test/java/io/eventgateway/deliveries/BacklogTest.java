package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.spi.EventStore;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final RecordingFunction f = new RecordingFunction();
    private final List<Event> dropped = new ArrayList<>();
    private TestGateway gateway = TestGateway.create();

    private void gateway(BacklogPolicy policy) {
        gateway = TestGateway.create(
                builder -> builder.backlog(Backlog.of(2).withPolicy(policy).withBytes(1000)));
        gateway.functions().register("f", f);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().maxConcurrency(1).build())
                        .build());
        gateway.functions().register("dropped", (event, context) -> dropped.add(event));
        gateway.subscriptions()
                .create(Subscription.to(SystemEvent.EVENT_DROPPED)
                        .function("dropped")
                        .sync()
                        .build());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void dropsTheNewestAndTellsOfIt() {
        gateway(BacklogPolicy.DROP);
        f.blocking();
        gateway.emit("a", 1);
        gateway.emit("a", 2);

        Emission third = gateway.emit("a", 3);

        assertThat(third.completion().join().deliveries().get(0).status()).isEqualTo(DeliveryStatus.DROPPED);
        assertThat(gateway.backlog().dropped()).isEqualTo(1);
        assertThat(dropped).singleElement().satisfies(event -> {
            SystemEvent.EventDropped data = event.dataAs(SystemEvent.EventDropped.class);
            assertThat(data.event()).isSameAs(third.event());
            assertThat(data.deliveries()).isEqualTo(1);
        });
    }

    @Test
    void anEventThatIsRefusedIsNotToldOfAsReceived() {
        gateway(BacklogPolicy.REJECT);
        List<Event> received = new ArrayList<>();
        gateway.functions().register("received", (event, context) -> received.add(event));
        gateway.subscriptions()
                .create(Subscription.to(SystemEvent.EVENT_RECEIVED)
                        .function("received")
                        .sync()
                        .build());
        f.blocking();
        gateway.emit("a", 1);
        gateway.emit("a", 2);

        assertThatThrownBy(() -> gateway.emit("a", 3)).isInstanceOf(BacklogFullException.class);

        assertThat(received).hasSize(2);
    }

    @Test
    void dropsTheOldestThatWaits() {
        gateway(BacklogPolicy.DROP_OLDEST);
        f.blocking();
        Emission running = gateway.emit("a", 1);
        Emission waiting = gateway.emit("a", 2);

        Emission newest = gateway.emit("a", 3);

        assertThat(running.completion()).isNotDone();
        assertThat(waiting.completion().join().deliveries().get(0).status()).isEqualTo(DeliveryStatus.DROPPED);
        assertThat(dropped).singleElement().satisfies(event -> assertThat(
                        event.dataAs(SystemEvent.EventDropped.class).event())
                .isSameAs(waiting.event()));
        f.release();
        assertThat(newest.completion().join().allDelivered()).isTrue();
        assertThat(gateway.backlog().pending()).isZero();
        assertThat(gateway.backlog().dropped()).isEqualTo(1);
        assertThat(f.events())
                .extracting(Event::getId)
                .doesNotContain(waiting.event().getId());
    }

    @Test
    void dropsTheNewEventWhenNoneWaits() {
        gateway(BacklogPolicy.DROP_OLDEST);
        gateway.subscriptions()
                .update(gateway.subscriptions().list().stream()
                        .filter(each -> each.functionId().equals("f"))
                        .findFirst()
                        .orElseThrow()
                        .toBuilder()
                        .delivery(DeliveryPolicy.defaults())
                        .build());
        f.blocking();
        gateway.emit("a", 1);
        gateway.emit("a", 2);

        assertThat(gateway.emit("a", 3).completion().join().deliveries().get(0).status())
                .isEqualTo(DeliveryStatus.DROPPED);
        assertThat(f.held()).isEqualTo(2);
    }

    @Test
    void boundsTheBytesToo() {
        gateway(BacklogPolicy.REJECT);
        f.blocking();
        gateway.emit("a", new byte[600]);
        assertThat(gateway.backlog().bytes()).isEqualTo(600);

        assertThatThrownBy(() -> gateway.emit("a", new byte[600]))
                .isInstanceOf(BacklogFullException.class)
                .hasMessageContaining("no room for 1 more delivery with 600 bytes: 600 of 1000 bytes are taken");
        assertThat(gateway.backlog().pending()).isEqualTo(1);

        f.release();
        assertThat(gateway.backlog().bytes()).isZero();
        gateway.emit("a", new byte[600]);
        assertThat(f.events()).hasSize(2);
    }

    @Test
    void unroutedEventsAreToldOf() {
        gateway(BacklogPolicy.BLOCK);
        List<Event> unrouted = new ArrayList<>();
        gateway.subscribe(SystemEvent.EVENT_UNROUTED, unrouted::add);

        Emission emission = gateway.emit("nobody.wants.it", 1);
        gateway.emit("a", 1);

        assertThat(unrouted).singleElement().satisfies(event -> assertThat(
                        event.dataAs(SystemEvent.EventUnrouted.class).event())
                .isSameAs(emission.event()));
    }

    @Test
    void whatRemainsAtTheCloseIsReportedAndKeptByTheStoreForTheNext() {
        TestClock clock = new TestClock();
        EventStore store = EventStore.inMemory(10, clock);
        TestGateway first = TestGateway.create(clock, builder -> builder.eventStore(store));
        first.functions().register("f", f.alwaysFailing(new IOException("disk")));
        first.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().orderBy("subject").build())
                        .build());
        Emission failed = first.emit(Event.builder("a").id("e1").subject("x").build());
        Emission behind = first.emit(Event.builder("a").id("e2").subject("x").build());
        first.close();

        assertThat(List.of(failed, behind)).allSatisfy(each -> assertThat(
                        each.completion().join().deliveries().get(0).status())
                .isEqualTo(DeliveryStatus.RELEASED));
        f.failing(0, new IOException("disk"));
        try (TestGateway second = TestGateway.create(clock, builder -> builder.eventStore(store))) {
            second.functions().register("f", f);
            second.subscribe("a", "f");
            int before = f.events().size();
            second.advance(Duration.ofSeconds(4));

            assertThat(f.events().subList(before, f.events().size()))
                    .extracting(Event::getId)
                    .containsExactlyInAnyOrder("e1", "e2");
            assertThat(store.read(new EventStore.Query("default", null, 10))).isEmpty();
            second.advance(Duration.ofMinutes(2));
            assertThat(f.events())
                    .as("the leases are renewed, and nothing is taken over twice")
                    .hasSize(before + 2);
        }
    }

    @Test
    void nothingRunsAfterTheClose() {
        gateway(BacklogPolicy.BLOCK);
        f.alwaysFailing(new IOException("disk"));
        gateway.emit("a", 1);
        gateway.close();

        gateway.advance(Duration.ofDays(1));

        assertThat(f.events()).hasSize(1);
    }
}

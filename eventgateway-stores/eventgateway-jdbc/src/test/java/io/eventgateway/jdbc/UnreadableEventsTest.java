package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.spi.EventStore;
import io.eventgateway.test.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What happens to stored events that can't be read, and to those at the bounds of what can be stored. */
class UnreadableEventsTest extends FaultyDatabase {
    @Test
    void aDeliveryWhoseEventCantBeReadIsHeldUntilTheKeyIsThereAndDoesNotStopTheRest() {
        HikariDataSource pool = migrated();
        EventGateway emitter = gateway(encrypted(pool, key("k1")));
        TestClock clock = new TestClock();
        JdbcStores keyless =
                JdbcStores.builder(pool).encryption(key("k2")).clock(clock).build();
        JdbcStores withKeys = JdbcStores.builder(pool)
                .encryption(DataEncryption.aesGcm(
                        new DataEncryption.AesKey("k2", SECRET), new DataEncryption.AesKey("k1", SECRET)))
                .clock(clock)
                .build();
        emitter.functions().register("f", (event, context) -> null);
        emitter.subscriptions().create(Subscription.to("a").function("f").build());
        emitter.emit(
                Event.builder("a").id("encrypted").data("x").build(),
                EmitOptions.builder().delay(Duration.ofSeconds(15)).build());
        emitter.close();
        EventStore.Accepted readable = accepted(clock, "readable");
        keyless.eventStore().append(List.of(readable), null);
        execute(pool, "UPDATE eg_delivery SET due_at = 0, not_before = NULL");

        assertThat(claimed(keyless, "one")).containsExactly("readable");
        assertThat(claimed(keyless, "one")).as("it is looked at in a minute").isEmpty();
        assertThat(keyless.status().held()).isEqualTo(1);
        assertThat(keyless.status().deadLetters()).isZero();

        clock.advance(Duration.ofSeconds(61));
        assertThat(claimed(keyless, "one")).isEmpty();
        clock.advance(Duration.ofSeconds(61));
        assertThat(claimed(withKeys, "two")).containsExactly("encrypted");
        assertThat(withKeys.status().held()).isZero();
    }

    private static EventStore.Accepted accepted(TestClock clock, String id) {
        Event event = Event.builder("a").id(id).source("/s").data(1).build();
        EventStore.Terms terms = new EventStore.Terms(clock.instant(), null, null);
        EventStore.Delivery delivery = new EventStore.Delivery(
                new EventStore.DeliveryId("other", 1), "default", event, terms, "subscription", "f");
        return new EventStore.Accepted("default", event, terms, List.of(), List.of(delivery), 0);
    }

    private static List<String> claimed(JdbcStores stores, String holder) {
        return stores
                .eventStore()
                .claim(new EventStore.Claim(
                        holder, Duration.ofHours(1), 10, Duration.ofSeconds(1), (space, function) -> true))
                .stream()
                .map(lease -> lease.delivery().event().getId())
                .toList();
    }

    @Test
    void whatIsHeldIsDeliveredAfterTheKeyIsGivenBack() {
        HikariDataSource pool = migrated();
        TestClock clock = new TestClock();
        JdbcStores.builder(pool)
                .encryption(key("k1"))
                .clock(clock)
                .build()
                .eventStore()
                .append(List.of(accepted(clock, "encrypted")), null);
        try (EventGateway keyless = EventGateway.builder()
                .stores(JdbcStores.builder(pool).clock(clock).build())
                .clock(clock)
                .build()) {
            keyless.functions().register("f", (event, context) -> null);
            keyless.subscriptions()
                    .create(Subscription.to("a")
                            .id("subscription")
                            .function("f")
                            .build());
            clock.advance(Duration.ofSeconds(5));
            assertThat(keyless.deadLetters().count()).isZero();
        }
        List<String> seen = new ArrayList<>();
        try (EventGateway gateway = EventGateway.builder()
                .stores(JdbcStores.builder(pool)
                        .encryption(key("k1"))
                        .clock(clock)
                        .build())
                .clock(clock)
                .build()) {
            gateway.functions().register("f", (event, context) -> seen.add(event.getId()));
            clock.advance(Duration.ofSeconds(65));
            assertThat(seen).containsExactly("encrypted");
        }
    }

    @Test
    void dataIsEncryptedInTheDatabaseAndReadableAfter() {
        HikariDataSource pool = migrated();
        JdbcStores stores = JdbcStores.builder(pool)
                .encryption(DataEncryption.aesGcm("k1", new SecretKeySpec(new byte[32], "AES")))
                .build();
        EventGateway gateway = gateway(stores);
        gateway.emit("a", "a very personal text");

        assertThat(
                        number(
                                pool,
                                "SELECT COUNT(*) FROM eg_event WHERE key_id = 'k1' AND position('personal' IN encode(data, 'escape')) = 0"))
                .isEqualTo(1);
        assertThat(gateway.history().events(EventQuery.all()).get(0).event().dataAs(String.class))
                .isEqualTo("a very personal text");
        assertThat(stores.eventStore().toString() + stores).doesNotContain("personal");
    }

    private static final SecretKeySpec SECRET = new SecretKeySpec(new byte[16], "AES");

    private static DataEncryption key(String id) {
        return DataEncryption.aesGcm(id, SECRET);
    }

    private static JdbcStores encrypted(HikariDataSource pool, DataEncryption encryption) {
        return JdbcStores.builder(pool).encryption(encryption).build();
    }

    @Test
    void aReplayPassesOverWhatCantBeReadAndTellsHowManyThatWere() {
        HikariDataSource pool = migrated();
        gateway(encrypted(pool, key("k1"))).emitAll(List.of(Event.of("other", 1), Event.of("a", 2)));
        EventGateway gateway = gateway(encrypted(pool, key("k2")));
        List<Integer> seen = new CopyOnWriteArrayList<>();
        gateway.functions().register("f", (event, context) -> seen.add(event.dataAs(Integer.class)));
        gateway.emit("a", 3).await(Duration.ofSeconds(30));
        execute(pool, "UPDATE eg_event SET key_id = NULL, data = '1' WHERE type = 'other'");
        gateway.subscribe("*", "f");

        Replay replay =
                gateway.history().replay(EventQuery.all(), ReplayOptions.toAll().named("all"));

        Replay.Progress end =
                replay.completion().orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(end.finished()).isTrue();
        assertThat(end.events()).isEqualTo(2);
        assertThat(end.unreadable()).isEqualTo(1);
        Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly(1, 3));
        assertThat(gateway.history().position("all")).isEqualTo(end.position());
    }

    @Test
    void aReplayWaitsAMomentForAKeyThatIsAway() {
        HikariDataSource pool = migrated();
        gateway(encrypted(pool, key("k1"))).emit("a", 1);
        AtomicInteger failures = new AtomicInteger(3);
        DataEncryption away = new DataEncryption() {
            @Override
            public Encrypted encrypt(byte[] data, Context context) {
                return key("k1").encrypt(data, context);
            }

            @Override
            public byte[] decrypt(Encrypted encrypted, Context context) {
                if (failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("the key service is away");
                }
                return key("k1").decrypt(encrypted, context);
            }
        };
        EventGateway gateway = gateway(encrypted(pool, away));

        Replay.Progress end = gateway.history()
                .replay(EventQuery.all())
                .completion()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();

        assertThat(end.events()).isEqualTo(1);
        assertThat(end.unreadable()).isZero();
    }

    @Test
    void theHistoryShowsAnEventThatCantBeReadWithItsAttributesAndWhy() {
        HikariDataSource pool = migrated();
        gateway(encrypted(pool, key("k1")))
                .emit(Event.builder("secret").subject("ada").data("personal").build());
        EventGateway gateway = gateway(JdbcStores.of(pool));
        gateway.emit("order.placed", 2);

        List<RecordedEvent> events = gateway.history().events(EventQuery.all());

        assertThat(events).extracting(RecordedEvent::isReadable).containsExactly(false, true);
        assertThat(events.get(0).event().getSubject()).isEqualTo("ada");
        assertThat(events.get(0).event().getData()).isNull();
        assertThat(events.get(0).unreadable())
                .contains("these stores have no encryption")
                .doesNotContain("personal");
        execute(
                pool,
                "UPDATE eg_event SET source = '::not a uri::', event_time = 'never', extras = '{' WHERE type = 'secret'");
        assertThat(gateway.history().events(EventQuery.all())).hasSize(2);
    }

    @Test
    void aDeadLetterThatCantBeReadSaysSoAndHasTheAttributesThatAreStoredPlainly() {
        HikariDataSource pool = migrated();
        EventGateway emitter = gateway(encrypted(pool, key("k1")));
        emitter.functions().register("f", (event, context) -> {
            throw new IllegalStateException("no stock");
        });
        emitter.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                        .build());
        emitter.emit(Event.builder("a").subject("ada").data("x").build()).await(Duration.ofSeconds(30));
        emitter.close();
        EventGateway gateway = gateway(JdbcStores.of(pool));
        gateway.functions().register("f", (event, context) -> {
            throw new IllegalStateException("no stock");
        });

        DeadLetter letter = gateway.deadLetters().list().get(0);

        assertThat(letter.event().getSubject()).isEqualTo("ada");
        assertThat(letter.message())
                .contains("no stock")
                .contains("without its data")
                .contains("key 'k1'");
        assertThatThrownBy(() -> gateway.deadLetters().redrive(letter.id()))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("key 'k1'");
        gateway.emit(Event.builder("a").subject("bob").data("y").build()).await(Duration.ofSeconds(30));
        assertThat(gateway.deadLetters().count()).isEqualTo(2);
        assertThat(gateway.deadLetters().redrive(DeadLetterQuery.all()))
                .as("what can be read is redriven, and the other stays")
                .isEqualTo(1);
        assertThat(gateway.deadLetters().get(letter.id())).isPresent();
        gateway.awaitIdle(Duration.ofSeconds(30));
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void keysThatAesCantUseAreRefusedAtOnce() {
        assertThatThrownBy(() -> DataEncryption.aesGcm("k", new SecretKeySpec(new byte[5], "AES")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'k'")
                .hasMessageContaining("128, 192 or 256 bits")
                .hasMessageContaining("40 bits");
        assertThatThrownBy(() -> DataEncryption.aesGcm("k", new SecretKeySpec(new byte[8], "DES")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DES");
        assertThatThrownBy(() -> DataEncryption.aesGcm("", new SecretKeySpec(new byte[16], "AES")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timesAtTheEndsOfTimeAreTimesLikeOthers() {
        EventGateway gateway = gateway(JdbcStores.of(migrated()));
        gateway.emit("a", 1);

        assertThat(gateway.deadLetters().count(DeadLetterQuery.all().since(Instant.MAX)))
                .isZero();
        assertThat(gateway.deadLetters().count(DeadLetterQuery.all().until(Instant.MIN)))
                .isZero();
        assertThat(gateway.history().events(EventQuery.all().since(Instant.MIN).until(Instant.MAX)))
                .hasSize(1);
    }

    @Test
    void aConsumersNameThatIsTooLongIsAnErrorOfItsArgument() {
        EventGateway gateway = gateway(JdbcStores.of(migrated()));

        assertThatThrownBy(() -> gateway.history().position("r".repeat(300), 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 256 characters")
                .hasMessageContaining("300");
    }

    @Test
    void anEventThatIsTooLargeIsRefusedAndNamed() {
        HikariDataSource pool = migrated();
        EventGateway gateway =
                gateway(JdbcStores.builder(pool).maxDataSize(1_000).build());
        gateway.subscribe("a", event -> {});

        assertThatThrownBy(() -> gateway.emit(Event.builder("a")
                        .id("large")
                        .data("text/plain", "x".repeat(1_001).getBytes(StandardCharsets.UTF_8))
                        .build()))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("'large'")
                .hasMessageContaining("1001 bytes")
                .hasMessageContaining("takes 1000");
        assertThatThrownBy(() -> gateway.emit(
                        Event.builder("a").subject("s".repeat(1_025)).build()))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("subject")
                .hasMessageContaining("1025");
        assertThat(gateway.backlog().pending()).isZero();
        assertThat(number(pool, "SELECT COUNT(*) FROM eg_event")).isZero();
        assertThat(gateway.deadLetters().list(DeadLetterQuery.all())).isEmpty();
    }
}

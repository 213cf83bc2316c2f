package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
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
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What happens to stored events that can't be read, and to those at the bounds of what can be stored. */
class UnreadableEventsTest extends FaultyDatabase {
    @Test
    void aPoisonPayloadDoesNotStopTheRest() {
        HikariDataSource pool = migrated();
        DataEncryption key = DataEncryption.aesGcm("k1", new SecretKeySpec(new byte[16], "AES"));
        JdbcStores stores = JdbcStores.builder(pool).encryption(key).build();
        EventGateway emitter = gateway(stores);
        EventGateway worker = gateway(JdbcStores.builder(pool).encryption(key).build());
        List<String> seen = new ArrayList<>();
        worker.functions().register("f", (event, context) -> seen.add(event.getId()));
        worker.subscriptions().create(Subscription.to("a").function("f").build());
        Awaitility.await().until(() -> !emitter.subscriptions().list().isEmpty());
        Emission putOff = emitter.emit(
                Event.builder("a").id("poison").data("x").build(),
                EmitOptions.builder().delay(Duration.ofSeconds(15)).build());
        execute(pool, "UPDATE eg_event SET data = 'garbage', event_time = NULL WHERE event_id = 'poison'");
        execute(pool, "UPDATE eg_delivery SET due_at = 0, not_before = NULL");

        assertThat(isDelivered(
                        emitter.emit(Event.builder("a").id("good").data("y").build())))
                .isTrue();

        assertThat(putOff.completion().orTimeout(30, TimeUnit.SECONDS).join().allDelivered())
                .isFalse();
        assertThat(seen).containsExactly("good");
        assertThat(emitter.deadLetters().list()).singleElement().satisfies(letter -> assertThat(letter.message())
                .contains("can't be read")
                .doesNotContain("garbage"));
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

    private static DataEncryption key(String id) {
        return DataEncryption.aesGcm(id, new SecretKeySpec(new byte[16], "AES"));
    }

    private static JdbcStores encrypted(HikariDataSource pool, DataEncryption encryption) {
        return JdbcStores.builder(pool).encryption(encryption).build();
    }

    @Test
    void aReplayEndsAtAnEventThatCantBeReadAndGoesOnBehindIt() {
        HikariDataSource pool = migrated();
        gateway(encrypted(pool, key("k1"))).emitAll(List.of(Event.of("other", 1), Event.of("a", 2)));
        EventGateway gateway = gateway(encrypted(pool, key("k2")));
        List<Integer> seen = new CopyOnWriteArrayList<>();
        gateway.subscribe("a", event -> seen.add(event.dataAs(Integer.class)));
        gateway.emit("a", 3).await(Duration.ofSeconds(30));
        execute(pool, "UPDATE eg_event SET key_id = NULL, data = '1' WHERE type = 'other'");
        long unreadable = number(pool, "SELECT position FROM eg_event WHERE key_id = 'k1'");
        seen.clear();

        Replay stopped = gateway.history().replay(EventQuery.all(), ReplayOptions.toAll());

        assertThatThrownBy(() ->
                        stopped.completion().orTimeout(30, TimeUnit.SECONDS).join())
                .cause()
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("1 events")
                .hasMessageContaining("encrypted with key 'k1'")
                .hasMessageContaining("EventQuery.after(" + unreadable + ")");
        assertThat(stopped.progress().events()).isEqualTo(1);
        Replay on = gateway.history().replay(EventQuery.all().after(unreadable), ReplayOptions.toAll());
        assertThat(on.completion().orTimeout(30, TimeUnit.SECONDS).join().finished())
                .isTrue();
        Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly(3));
    }

    @Test
    void anEventThatCantBeReadIsToldByTheHistoryUnlessNobodyAskedForIt() {
        HikariDataSource pool = migrated();
        gateway(encrypted(pool, key("k1"))).emit("secret", 1);
        EventGateway gateway = gateway(JdbcStores.of(pool));
        gateway.emit("order.placed", 2);

        assertThatThrownBy(() -> gateway.history().events(EventQuery.all()))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("these stores have no encryption");
        assertThat(gateway.history().events(EventQuery.all().ofType("**.placed")))
                .hasSize(1);
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

        DeadLetter letter = gateway.deadLetters().list().get(0);

        assertThat(letter.event().getSubject()).isEqualTo("ada");
        assertThat(letter.message())
                .contains("no stock")
                .contains("without its data")
                .contains("key 'k1'");
        assertThatThrownBy(() -> gateway.deadLetters().redrive(letter.id()))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("key 'k1'");
        assertThatThrownBy(() -> gateway.deadLetters().redrive(DeadLetterQuery.all()))
                .isInstanceOf(UnreadableEventException.class);
        assertThat(gateway.deadLetters().count()).isEqualTo(1);
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

package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.jdbc.DataEncryption.AesKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an encryption protects: the data of events, and which event it belongs to. */
class EncryptionTest extends FaultyDatabase {
    private static final DataEncryption.Context CONTEXT =
            new DataEncryption.Context("default", "/s", "1", "a", null, null, null, null, null);

    private static AesKey key(String id, int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return new AesKey(id, new SecretKeySpec(bytes, "AES"));
    }

    private static List<RecordedEvent> recorded(EventGateway gateway) {
        return gateway.history().events(EventQuery.all());
    }

    @Test
    void readsWhatOlderKeysHaveEncryptedAndWritesWithTheCurrentOne() {
        HikariDataSource pool = migrated();
        gateway(JdbcStores.builder(pool)
                        .encryption(DataEncryption.aesGcm(key("2025", 1)))
                        .build())
                .emit("a", "old");
        EventGateway gateway = gateway(JdbcStores.builder(pool)
                .encryption(DataEncryption.aesGcm(key("2026", 2), key("2025", 1)))
                .build());
        gateway.emit("a", "new");

        assertThat(recorded(gateway))
                .extracting(each -> each.event().dataAs(String.class))
                .containsExactly("old", "new");
        assertThat(number(pool, "SELECT COUNT(*) FROM eg_event WHERE key_id = '2026'"))
                .isEqualTo(1);
    }

    @Test
    void aKeyIsNamedOnceAndNeverShown() {
        assertThatThrownBy(() -> DataEncryption.aesGcm(key("k", 1), key("k", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'k'");
        AesKey key = key("k", 7);
        String hex = HexFormat.of().formatHex(key.key().getEncoded());
        assertThat(key + " " + DataEncryption.aesGcm(key)).contains("k").doesNotContain(hex);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "space = 'other'",
                "source = '/elsewhere'",
                "event_id = 'another'",
                "type = 'b'",
                "subject = 'bob'",
                "event_time = '2027-01-01T00:00Z'",
                "correlation_id = 'c'",
                "content_type = 'text/plain'",
                "extras = '{\"tenant\":\"other\"}'",
                "data = NULL",
                "key_id = NULL, data = '1'"
            })
    void noAttributeCanBeChangedUnnoticed(String change) {
        HikariDataSource pool = migrated();
        EventGateway gateway = gateway(JdbcStores.builder(pool)
                .encryption(DataEncryption.aesGcm(key("k", 1)))
                .requireEncryption()
                .build());
        gateway.emit(Event.builder("a")
                .subject("ada")
                .extension("tenant", "acme")
                .data("x")
                .build());
        gateway.emit(
                Event.builder("a").subject("ada").extension("tenant", "acme").build());
        assertThat(recorded(gateway)).extracting(RecordedEvent::isReadable).containsExactly(true, true);
        assertThat(recorded(gateway).get(1).event().getData()).isNull();

        execute(pool, "UPDATE eg_event SET " + change);

        List<RecordedEvent> after = change.startsWith("space")
                ? gateway.space("other").history().events(EventQuery.all())
                : recorded(gateway);
        assertThat(after).extracting(RecordedEvent::isReadable).containsExactly(false, false);
    }

    @Test
    void clearTextIsRefusedWhereEncryptionIsRequired() {
        HikariDataSource pool = migrated();
        gateway(JdbcStores.of(pool)).emit("a", "clear");
        EventGateway gateway = gateway(JdbcStores.builder(pool)
                .encryption(DataEncryption.aesGcm(key("k", 1)))
                .requireEncryption()
                .build());

        assertThat(recorded(gateway).get(0).unreadable()).contains("stored in clear text");
        assertThatThrownBy(() -> JdbcStores.builder(pool).requireEncryption().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("requireEncryption() needs encryption(");
    }

    @Test
    void contextsThatDifferAreAuthenticatedByDifferentBytes() {
        DataEncryption.Context other =
                new DataEncryption.Context("default", "/s", "1", "a", "", null, null, null, null);
        DataEncryption.Context moved =
                new DataEncryption.Context("default", "/s1", "", "a", null, null, null, null, null);

        assertThat(CONTEXT.authenticated())
                .isNotEqualTo(other.authenticated())
                .isNotEqualTo(moved.authenticated())
                .isEqualTo(new DataEncryption.Context("default", "/s", "1", "a", null, null, null, null, null)
                        .authenticated());
    }
}

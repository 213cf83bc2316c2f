package io.eventgateway.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void measuresEverythingFullyUnlessToldOtherwise() {
        Settings settings = Settings.parse();

        assertThat(settings.effort()).isEqualTo(Settings.Effort.FULL);
        assertThat(settings.whole()).isTrue();
        assertThat(settings.from()).isNull();
    }

    @Test
    void selectsRowsByAMatchInTheirIds() {
        Settings settings = Settings.parse("--only", "dispatch|types", "--before", "a.json");

        assertThat(Rows.all().stream()
                        .map(Row::id)
                        .filter(id -> settings.only().matcher(id).find()))
                .contains("dispatch.1", "types.1000")
                .allMatch(id -> id.startsWith("dispatch") || id.startsWith("types"));
        assertThat(settings.whole()).isFalse();
        assertThat(settings.before()).isEqualTo(Path.of("a.json"));
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> Settings.parse("--fast"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--fast")
                .hasMessageContaining("--quick");
        assertThatThrownBy(() -> Settings.parse("--only")).hasMessageContaining("'--only' needs a value");
        assertThatThrownBy(() -> Settings.parse("--only", "(")).hasMessageContaining("regular expression");
    }

    @Test
    void takesTheMedianOfAProgramsRounds() {
        List<Result> rounds = List.of(new Result(10, 0, "us"), new Result(40, 0, "us"), new Result(20, 0, "us"));

        assertThat(Programs.median(rounds)).isEqualTo(new Result(20, 15, "us"));
        assertThat(Programs.median(rounds.subList(0, 2))).isEqualTo(new Result(25, 15, "us"));
    }
}

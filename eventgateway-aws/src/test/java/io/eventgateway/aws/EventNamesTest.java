package io.eventgateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventNamesTest {
    private static Event event(String source, String id) {
        return Event.builder("a").source(source).id(id).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "01a22e8f-0344-7000-8d0b-7ec13772d8b6", "with space/and \u00e9"})
    void areOfTheIdAndDifferFromThoseOfOtherSources(String id) {
        String name = EventNames.of(event("/a", id));

        assertThat(name).matches("[A-Za-z0-9_-]{1,80}").startsWith(id.replaceAll("[^A-Za-z0-9_-]", "_"));
        assertThat(name).isEqualTo(EventNames.of(event("/a", id))).isNotEqualTo(EventNames.of(event("/b", id)));
    }
}

package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class NeedleTest {
    /** Of two letters alone, so that long texts are found, and nearly found, in many places. */
    @Property
    void isFoundWhereTheJdkFindsIt(
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(min = 0, max = 8) String seed,
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 60) String before,
            @ForAll @IntRange(min = 0, max = 20) int times,
            @ForAll @IntRange(min = 0, max = 70) int from) {
        String text = seed.repeat(times);
        for (String haystack : new String[] {
            before + text + before, text.isEmpty() ? before : before + text.substring(1) + "a" + text, before
        }) {
            assertThat(new Needle(text).indexIn(haystack, from))
                    .as("'%s' in '%s' from %s", text, haystack, from)
                    .isEqualTo(haystack.indexOf(text, from));
        }
    }
}

package io.eventgateway.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimersTest {
    /** What to do with an entry: put it in, due at that time, and cancel it or not; then let the time pass. */
    private record Planned(int at, boolean cancelled) {}

    @Property
    void runsEverythingOnceInOrderAndNothingBeforeItsTime(
            @ForAll @Size(max = 60) List<@IntRange(max = 6000) Integer> times,
            @ForAll @IntRange(min = 1, max = 500) int step,
            @ForAll @IntRange(max = 6) int shift) {
        Timers timers = new Timers(shift);
        List<Integer> ran = new ArrayList<>();
        List<Planned> plan = new ArrayList<>();
        List<Timers.Entry> entries = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            int at = times.get(i);
            plan.add(new Planned(at, i % 3 == 0));
            Timers.Entry entry = new Timers.Task(() -> ran.add(at), at);
            entries.add(entry);
            timers.add(entry, 0);
        }
        for (int i = 0; i < plan.size(); i++) {
            if (plan.get(i).cancelled()) {
                assertThat(timers.cancel(entries.get(i))).isTrue();
                assertThat(timers.cancel(entries.get(i))).isFalse();
            }
        }
        List<Integer> expected = new ArrayList<>(
                plan.stream().filter(each -> !each.cancelled()).map(Planned::at).toList());

        for (int now = 0; now <= 6100; now += step) {
            int before = ran.size();
            timers.due(now).forEach(Timers.Entry::due);
            if (now % 3 == 0 && ran.size() < 50) { // later ones, while the ring has moved on
                int later = now + 1 + now % 2500;
                expected.add(later);
                timers.add(new Timers.Task(() -> ran.add(later), later), now);
            }
            for (int at : ran.subList(before, ran.size())) {
                assertThat(at).isLessThanOrEqualTo(now);
                assertThat(now - at).isLessThan(step + (1 << shift));
            }
        }
        timers.due(100_000).forEach(Timers.Entry::due);

        expected.sort(Comparator.naturalOrder());
        assertThat(timers.nextNanos()).isEqualTo(Long.MAX_VALUE);
        if (shift == 0) {
            assertThat(ran).isEqualTo(expected);
        } else {
            assertThat(ran).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void tellsWhenAnEntryIsDueBeforeAllOthers() {
        Timers timers = new Timers(0);

        assertThat(timers.add(new Timers.Task(() -> {}, 10), 0)).isTrue();
        assertThat(timers.add(new Timers.Task(() -> {}, 20), 0)).isFalse();
        assertThat(timers.add(new Timers.Task(() -> {}, 5), 0)).isTrue();
        assertThat(timers.nextNanos()).isEqualTo(5);
        timers.clear();
        assertThat(timers.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anEntryThatWasTakenOutCannotBeCancelled() {
        Timers timers = new Timers(0);
        Timers.Entry entry = new Timers.Task(() -> {}, 10);
        timers.add(entry, 0);
        timers.due(10);

        assertThat(timers.cancel(entry)).isFalse();
    }

    @Test
    void goesOnBelowZeroWhereNanoTimeMayBegin() {
        Timers timers = new Timers(4);
        timers.add(new Timers.Task(() -> {}, -1_000), -5_000);

        assertThat(timers.due(-1_001)).isEmpty();
        assertThat(timers.due(-980)).hasSize(1);
    }
}

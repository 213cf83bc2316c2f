package io.eventgateway.invokers.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallSlotsTest {
    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final List<String> begun = new ArrayList<>();
    private final CallSlots slots = new CallSlots(threads::add, 8, 4);

    private Runnable call(String name) {
        return () -> begun.add(name);
    }

    @Test
    void anOriginHasNoMoreThanItsLimitUnderWay() {
        for (int i = 0; i < 10; i++) {
            slots.submit("a:80", call("a"));
        }

        assertThat(threads).hasSize(4);
    }

    @Test
    void portsOfAHostAreOriginsOfTheirOwn() {
        for (int i = 0; i < 10; i++) {
            slots.submit("a:80", call("a"));
        }

        assertThat(slots.submit("a:81", call("b"))).isFalse();
    }

    @Test
    void howeverManyOriginsDoNotAnswerTheNextOneIsCalled() {
        for (int origin = 0; origin < 12; origin++) {
            for (int i = 0; i < 10; i++) {
                slots.submit("dead-" + origin, call("dead"));
            }
        }
        assertThat(threads).hasSizeLessThan(20);

        assertThat(slots.submit("alive", call("alive"))).isFalse();
    }

    @Test
    void callsThatWaitBeginInTheirOrder() {
        CallSlots one = new CallSlots(threads::add, 1, 1);
        one.submit("a", call("a1"));
        one.submit("a", call("a2"));
        one.submit("a", call("a3"));
        one.submit("b", call("b1"));

        while (!threads.isEmpty()) {
            threads.remove().run();
        }

        assertThat(begun).containsExactlyInAnyOrder("a1", "a2", "a3", "b1").containsSubsequence("a1", "a2", "a3");
    }

    @Test
    void aThreadGoesOnWithTheCallsThatWait() {
        CallSlots one = new CallSlots(threads::add, 1, 1);
        one.submit("a", call("a1"));
        one.submit("a", call("a2"));
        one.submit("a", call("a3"));

        threads.remove().run();

        assertThat(begun).containsExactly("a1", "a2", "a3");
        assertThat(threads).isEmpty();
    }

    @Test
    void aCallThatThrowsKeepsNobodyFromTheNextOne() {
        CallSlots one = new CallSlots(threads::add, 1, 1);
        one.submit("a", () -> {
            throw new IllegalStateException("broken");
        });
        one.submit("a", call("a2"));

        assertThatThrownBy(() -> threads.remove().run()).hasMessage("broken");
        threads.remove().run();

        assertThat(begun).containsExactly("a2");
    }

    @Test
    void aCallThatIsTakenOutDoesNotBegin() {
        CallSlots one = new CallSlots(threads::add, 1, 1);
        Runnable second = call("second");
        one.submit("a", call("first"));
        one.submit("a", second);

        assertThat(one.remove("a", second)).isTrue();
        assertThat(one.remove("a", second)).isFalse();
        while (!threads.isEmpty()) {
            threads.remove().run();
        }

        assertThat(begun).containsExactly("first");
    }

    @Test
    void noMoreCallsWaitThanTheBoundAndHalfOfThemForOneOrigin() {
        CallSlots small = new CallSlots(threads::add, 1, 1, 4);
        small.submit("a", call("a"));
        Runnable waiting = call("waits");
        small.submit("a", waiting);
        small.submit("a", call("waits"));

        assertThatThrownBy(() -> small.submit("a", call("one too many")))
                .isInstanceOf(CallSlots.FullException.class)
                .hasMessageContaining("as many as 2 calls to its host and port already wait");
        small.submit("b", call("b"));
        small.submit("b", call("b"));
        small.submit("b", call("b"));
        assertThatThrownBy(() -> {
                    small.submit("c", call("c"));
                    small.submit("c", call("one too many"));
                })
                .hasMessageContaining("as many as 4 calls already wait");

        assertThat(small.remove("a", waiting)).isTrue();
        assertThat(small.submit("c", call("c"))).as("a place was given back").isTrue();
    }
}

package io.eventgateway.compat.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A user's test, on the JUnit that this project's own tests do not run on. */
@GatewayTest
class KitTest {
    private static final List<EventGateway> USED = new ArrayList<>();

    @Test
    void runsOnTheWantedJUnit() {
        assertThat(Test.class.getPackage().getImplementationVersion()).isEqualTo(System.getProperty("junit.wanted"));
    }

    @Test
    void injectsOneGatewayAndItsClock(EventGateway gateway, TestGateway same, TestClock clock) {
        List<Object> received = new ArrayList<>();
        gateway.subscribe("order.placed", event -> received.add(event.dataAs(String.class)));
        gateway.emit("order.placed", "o-1");
        assertThat(same).isSameAs(gateway);
        assertThat(same.clock()).isSameAs(clock);
        assertThat(received).containsExactly("o-1");
        USED.add(gateway);
    }

    @Test
    void givesEachTestItsOwn(EventGateway gateway) {
        assertThat(USED).doesNotContain(gateway);
        USED.add(gateway);
    }

    @AfterAll
    static void closesEach() {
        assertThat(USED).hasSize(2).allSatisfy(gateway -> assertThatThrownBy(() -> gateway.emit("order.placed", "late"))
                .isInstanceOf(GatewayClosedException.class));
    }
}

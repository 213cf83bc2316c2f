package io.eventgateway.examples.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderServiceTest {
    @Test
    void shipsEveryOrderThoughItsFirstLifeIsKilled(@TempDir Path directory) throws Exception {
        assertThat(OrderService.run(directory)).isTrue();
    }
}

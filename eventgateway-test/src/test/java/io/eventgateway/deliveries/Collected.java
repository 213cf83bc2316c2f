package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** Whether nothing holds objects any more. */
final class Collected {
    private Collected() {}

    static void await(Collection<? extends WeakReference<?>> objects) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (objects.stream().anyMatch(each -> each.get() != null)) {
            assertThat(System.nanoTime()).as("something still holds the object").isLessThan(end);
            System.gc();
        }
    }
}

package io.eventgateway.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The deliveries that a gateway ends when it closes, and what is said of them. For the thread that closes. */
final class Abandoned {
    private static final Logger log = LoggerFactory.getLogger(Abandoned.class);
    private static final int SHOWN = 3;

    private final Map<String, Integer> dropped = new TreeMap<>();
    private final Map<String, Integer> released = new TreeMap<>();
    private final List<String> first = new ArrayList<>();
    private int droppedInAll;

    /** Ends deliveries. Whatever goes wrong with one of them, the others are ended too. */
    void abandon(List<Delivery> left) {
        List<Delivery> stay = left.stream()
                .filter(each -> each instanceof EmittedDelivery emitted && emitted.staysInStore())
                .toList();
        for (Delivery delivery : left) {
            try {
                delivery.abandon();
            } catch (Throwable e) {
                log.error(
                        "A delivery to function '{}' could not be ended when the gateway closed",
                        delivery.functionId(),
                        e);
            }
        }
        // the end of one may have ended the next of its key, so all are counted at the end
        Set<Delivery> inStore = new HashSet<>(stay);
        for (Delivery delivery : left) {
            if (delivery.isAbandoned() && delivery.isCounted()) {
                count(delivery, inStore.contains(delivery));
            }
        }
    }

    private void count(Delivery delivery, boolean stays) {
        (stays ? released : dropped).merge(delivery.functionId(), 1, Integer::sum);
        droppedInAll += stays ? 0 : 1;
        if (!stays && first.size() < SHOWN) {
            first.add(delivery.event().getId());
        }
    }

    /** Says what could not be delivered, and to whom. */
    void report(Duration drain) {
        if (!dropped.isEmpty()) {
            log.warn(
                    "Closed after at most {}: {} deliveries were unfinished and ended as DROPPED; by function {}; the first events are {}",
                    drain,
                    droppedInAll,
                    dropped,
                    first);
        }
        if (!released.isEmpty()) {
            log.info(
                    "Closed after at most {}: the store keeps {} unfinished deliveries for another gateway or the next start; by function {}",
                    drain,
                    released.values().stream().mapToInt(Integer::intValue).sum(),
                    released);
        }
    }
}

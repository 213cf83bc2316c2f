package io.eventgateway.internal.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is done when handlers and callbacks hold all of the pool's threads: the deliveries of each target that has more than its share waiting
 * are taken out of the pool's queue, and wait in their subscription's queue, which lets its share run at a time. So they don't
 * stand before those of others any more.
 */
final class CrowdRelief {
    private final DeliveryEngine engine;

    CrowdRelief(DeliveryEngine engine) {
        this.engine = engine;
    }

    /** Relieves the pool where that is needed, on the clock's thread. Returns whether a task still waits for a thread. */
    boolean look() {
        BoundedPool pool = engine.workers().pool();
        if (pool == null) {
            return false;
        }
        pool.nudge();
        if (pool.isStalled()) {
            relieve(pool);
        }
        return pool.hasWaiting();
    }

    private void relieve(BoundedPool pool) {
        List<Runnable> others = new ArrayList<>();
        Map<Target, Integer> waiting = new HashMap<>();
        List<EmittedDelivery> tooMany = new ArrayList<>();
        int share = pool.share();
        for (Runnable task : pool.takeWaiting()) {
            if (task instanceof EmittedDelivery delivery
                    && waiting.merge(delivery.target(), 1, Integer::sum) > share
                    && delivery.standBack()) {
                tooMany.add(delivery);
            } else {
                others.add(task);
            }
        }
        pool.relieve();
        others.forEach(engine.dispatcher()::execute);
        for (int i = tooMany.size() - 1; i >= 0; i--) { // the first of them is to be the first again
            EmittedDelivery delivery = tooMany.get(i);
            DeliveryLimits limits = engine.queues().ofCrowd(delivery.target()).limits();
            limits.crowd(share);
            CallPermit permit = delivery.takeCallPermit();
            limits.requeue(delivery);
            if (permit != null) {
                permit.unused();
            }
        }
        for (EmittedDelivery delivery : tooMany) {
            engine.queues().ofCrowd(delivery.target()).limits().pump();
        }
    }
}

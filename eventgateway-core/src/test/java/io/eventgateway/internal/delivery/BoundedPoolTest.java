package io.eventgateway.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Outcomes;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedPoolTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void release() {
        release.countDown();
    }

    private void hold() {
        begun.incrementAndGet();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatWaitsRunsOnceThreadsCanBeStartedAgain() {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        AtomicInteger shortages = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(2);
        BoundedPool pool = new BoundedPool(2, thread -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            thread.start();
        });
        pool.onShortage(shortages::incrementAndGet);

        pool.execute(ran::countDown);
        pool.execute(ran::countDown);
        pool.nudge();
        assertThat(ran.getCount()).isEqualTo(2);
        assertThat(pool.hasWaiting()).isTrue();
        assertThat(shortages).as("the clock's thread is to look again").hasPositiveValue();

        exhausted.set(false);
        pool.nudge();

        Outcomes.await(ran);
        pool.refuse();
    }

    @Test
    void oneThreadThatCannotBeStartedStopsNoOther() {
        AtomicInteger starts = new AtomicInteger();
        BoundedPool pool = new BoundedPool(2, thread -> {
            if (starts.incrementAndGet() == 2) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            thread.start();
        });
        CountDownLatch ran = new CountDownLatch(1);

        pool.execute(this::hold);
        Awaitility.await().until(() -> begun.get() == 1);
        pool.execute(ran::countDown);
        pool.nudge();

        Outcomes.await(ran);
        pool.refuse();
    }

    @Test
    void growsUpToEightTimesItsSizeForTasksThatHoldTheirThreads() {
        BoundedPool pool = new BoundedPool(5);
        for (int i = 0; i < 60; i++) {
            pool.execute(this::hold);
        }

        Awaitility.await().until(() -> {
            if (pool.isStalled()) {
                pool.relieve();
                pool.nudge();
            }
            return begun.get() == 40;
        });
        for (int looks = 0; looks < 5; looks++) {
            assertThat(pool.isStalled()).isTrue();
            pool.relieve();
            pool.nudge();
        }

        assertThat(begun).hasValue(40);
        pool.takeWaiting();
        pool.refuse();
    }

    @Test
    void aThreadThatRanAnotherTaskMeanwhileIsNotHeld() {
        BoundedPool pool = new BoundedPool(1);
        CountDownLatch first = new CountDownLatch(1);
        pool.execute(() -> {
            begun.incrementAndGet();
            Outcomes.await(first);
        });
        pool.execute(this::hold);
        pool.execute(() -> {});
        Awaitility.await().until(() -> begun.get() == 1);
        assertThat(pool.isStalled()).as("the first look knows of no other").isFalse();

        first.countDown();
        Awaitility.await().until(() -> begun.get() == 2);

        assertThat(pool.isStalled()).as("another task runs").isFalse();
        assertThat(pool.isStalled()).as("the same task still runs").isTrue();
        pool.refuse();
    }
}

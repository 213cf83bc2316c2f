package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.Test;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tests of all filters, of which equal ones are one object, so that thousands of filters that share a test keep it once. A test
 * is forgotten when no filter has it. The lock guards the map; filters are made seldom.
 */
final class EqualTests {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<Test, WeakReference<Test>> TESTS = new WeakHashMap<>();

    private EqualTests() {}

    /** Returns the test that stands for all that equal this one. */
    static Test shared(Test test) {
        LOCK.lock();
        try {
            WeakReference<Test> known = TESTS.get(test);
            @Nullable Test first = known == null ? null : known.get();
            if (first != null) {
                return first;
            }
            TESTS.put(test, new WeakReference<>(test));
            return test;
        } finally {
            LOCK.unlock();
        }
    }
}

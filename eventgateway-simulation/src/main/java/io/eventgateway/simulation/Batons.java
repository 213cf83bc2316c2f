package io.eventgateway.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Threads of which one at a time has the baton and runs. A step that waits keeps its thread, and another thread goes on with the
 * scheduler's loop; so a step may wait in the middle of foreign code, and still exactly one thing happens at a time.
 *
 * <p>Only the holder of the baton uses an instance; handing it on is what makes its writes visible.
 */
final class Batons {
    /** What a thread with the baton does: runs steps until it has handed the baton to another. */
    @FunctionalInterface
    interface Loop {
        /** Runs steps; returns when the baton is another's. */
        void run();
    }

    /** One of the threads. */
    static final class Runner extends Thread {
        private final Semaphore baton = new Semaphore(0);
        private volatile @Nullable Loop loop;

        Runner(int number) {
            super("simulation-" + number);
            setDaemon(true);
        }

        @Override
        public void run() {
            while (true) {
                baton.acquireUninterruptibly();
                Loop next = loop;
                if (next == null) {
                    return;
                }
                Thread.interrupted(); // what was left by another history
                next.run();
            }
        }

        /** Waits until this thread has the baton again, without losing an interruption. */
        void await() {
            baton.acquireUninterruptibly();
        }

        /** Gives the baton to this thread, which waits for it. */
        void handBaton() {
            baton.release();
        }
    }

    private final Deque<Runner> idle = new ArrayDeque<>();
    private final List<Runner> all = new ArrayList<>();

    /** Has an idle thread run the loop. */
    void start(Loop loop) {
        Runner runner = idle.poll();
        if (runner == null) {
            runner = new Runner(all.size() + 1);
            all.add(runner);
            runner.start();
        }
        runner.loop = loop;
        runner.handBaton();
    }

    /** The thread that calls has nothing to do any more; before it hands the baton on. */
    void idle() {
        idle.push((Runner) Thread.currentThread());
    }

    /** Ends the threads that are idle. */
    void close() {
        for (Runner runner : idle) {
            runner.loop = null;
            runner.handBaton();
        }
        idle.clear();
    }

    /** The stacks of all threads, for a report of one that is stuck. */
    String stacks() {
        StringBuilder text = new StringBuilder();
        for (Runner runner : List.copyOf(all)) {
            text.append(runner.getName()).append('\n');
            for (StackTraceElement element : runner.getStackTrace()) {
                text.append("    at ").append(element).append('\n');
            }
        }
        return text.toString();
    }
}

package io.eventgateway.internal.log;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A limit on how many lines are logged: the first few of each key in a period are, and the others are counted. How many those were
 * is told when the next period's first line comes, or when somebody asks for it.
 *
 * <p>Thread-safe and bounded: the key that was not met for the longest time is forgotten. The monitor guards the windows; the
 * listener is called outside of it.
 */
public final class LogLimit {
    /** The listener that gets the number of lines that were not logged. */
    @FunctionalInterface
    public interface Rest {
        /** Tells that a number of lines of a key, at least 1, were not logged. */
        void heldBack(String key, long lines);
    }

    private static final class Window {
        private long beganAtMillis;
        private int written;
        private long heldBack;
    }

    private record Told(String key, long lines) {}

    private final InstantSource clock;
    private final int lines;
    private final long periodMillis;
    private final int keys;
    private final Rest rest;
    private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A limit.
     *
     * @param lines how many lines of a key are logged in each period, at least 1
     * @param keys how many keys are known at a time, at least 1
     */
    public LogLimit(InstantSource clock, int lines, Duration period, int keys, Rest rest) {
        this.clock = clock;
        this.lines = lines;
        this.periodMillis = period.toMillis();
        this.keys = keys;
        this.rest = rest;
    }

    /** Returns whether a line of the key is to be logged now; tells before how many were not. */
    public boolean admits(String key) {
        List<Told> told = new ArrayList<>(1);
        boolean admitted;
        synchronized (this) {
            Window window = windows.get(key);
            if (window == null) {
                window = new Window();
                window.beganAtMillis = clock.millis();
                windows.put(key, window);
                forgetEldest(told);
            } else if (isOver(window, clock.millis())) {
                end(key, window, told);
                window.beganAtMillis = clock.millis();
                window.written = 0;
            }
            admitted = window.written < lines;
            if (admitted) {
                window.written++;
            } else {
                window.heldBack++;
            }
        }
        tell(told);
        return admitted;
    }

    /** Tells of the lines that were held back in periods that are over. */
    public void tellEnded() {
        tellRest(false);
    }

    /** Tells of all lines that were held back. */
    public void tellAll() {
        tellRest(true);
    }

    private void tellRest(boolean all) {
        List<Told> told = new ArrayList<>();
        synchronized (this) {
            long now = clock.millis();
            Iterator<Map.Entry<String, Window>> each = windows.entrySet().iterator();
            while (each.hasNext()) {
                Map.Entry<String, Window> entry = each.next();
                boolean over = isOver(entry.getValue(), now);
                if (over || all) {
                    end(entry.getKey(), entry.getValue(), told);
                }
                if (over) {
                    each.remove();
                }
            }
        }
        tell(told);
    }

    /** A clock that was set back ends a period too, which would last for hours else. */
    private boolean isOver(Window window, long nowMillis) {
        return nowMillis - window.beganAtMillis >= periodMillis || nowMillis < window.beganAtMillis;
    }

    private static void end(String key, Window window, List<Told> told) {
        if (window.heldBack > 0) {
            told.add(new Told(key, window.heldBack));
            window.heldBack = 0;
        }
    }

    private void forgetEldest(List<Told> told) {
        if (windows.size() > keys) {
            Iterator<Map.Entry<String, Window>> eldestFirst = windows.entrySet().iterator();
            Map.Entry<String, Window> eldest = eldestFirst.next();
            end(eldest.getKey(), eldest.getValue(), told);
            eldestFirst.remove();
        }
    }

    private void tell(List<Told> told) {
        for (Told each : told) {
            rest.heldBack(each.key(), each.lines());
        }
    }
}

package io.eventgateway;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The lines that loggers write from a level on, which the tests' configuration keeps from the console. */
final class CapturedLog {
    private final Level level;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    CapturedLog(Level level) {
        this.level = level;
    }

    /** Runs something while the loggers of the names write what they have from the level on. */
    <T> T of(Supplier<T> action, String... loggers) {
        PrintStream err = System.err;
        int[] before = new int[loggers.length];
        for (int i = 0; i < loggers.length; i++) {
            before[i] = setLevel(loggers[i], level.toInt());
        }
        System.setErr(new PrintStream(lines, true, StandardCharsets.UTF_8));
        try {
            return action.get();
        } finally {
            System.setErr(err);
            for (int i = 0; i < loggers.length; i++) {
                setLevel(loggers[i], before[i]);
            }
        }
    }

    /** SLF4J's simple logger reads its level once, when it is made. */
    private static int setLevel(String name, int to) {
        try {
            Object logger = LoggerFactory.getLogger(name);
            Field current = logger.getClass().getDeclaredField("currentLogLevel");
            current.setAccessible(true);
            int before = current.getInt(logger);
            current.setInt(logger, to);
            return before;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the tests log with slf4j-simple", e);
        }
    }

    @Override
    public String toString() {
        return lines.toString(StandardCharsets.UTF_8);
    }
}

package io.eventgateway.internal.event;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A throwable of foreign code, whose own methods are foreign code too: they may throw, lead in a circle, or say
 * megabytes.
 */
public final class Thrown {
    /** How many causes are looked at; a chain of causes may have no end. */
    private static final int MOST_CAUSES = 32;
    /** The most characters that one throwable may say of itself and still be kept whole. */
    private static final int LONGEST_KEPT = 64 * 1024;

    private Thrown() {}

    /** The text that a throwable gives of itself; its class where that can't be had. Never throws. */
    public static String text(Throwable thrown) {
        try {
            String text = thrown.toString();
            return text == null ? thrown.getClass().getName() : text;
        } catch (Throwable e) { // foreign code
            return thrown.getClass().getName() + ", whose toString threw "
                    + e.getClass().getName();
        }
    }

    /** Its message; empty where it has none or that can't be had. Never throws. */
    public static String message(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? "" : message;
        } catch (Throwable e) { // foreign code
            return thrown.getClass().getName() + ", whose getMessage threw "
                    + e.getClass().getName();
        }
    }

    /** The failure that stages have wrapped; the last one looked at when they wrap each other without end. Never throws. */
    public static Throwable unwrapped(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at instanceof CompletionException && depth < MOST_CAUSES; depth++) {
            Throwable cause = causeOf(at);
            if (cause == null) {
                return at;
            }
            at = cause;
        }
        return at;
    }

    /** The first of a type among the throwable and its causes; null when there is none. Never throws. */
    public static <T extends Throwable> @Nullable T first(Throwable thrown, Class<T> type) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < MOST_CAUSES; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = causeOf(at);
        }
        return null;
    }

    private static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable e) { // foreign code
            return null;
        }
    }

    /**
     * The throwable itself if a logger can print it, and it can be kept; else a substitute, with its class, the beginning
     * of its text and, where it has one, its stack trace. Never throws.
     */
    public static @Nullable Throwable printable(@Nullable Throwable thrown) {
        if (thrown == null || isPrintable(thrown)) {
            return thrown;
        }
        return new StandIn(thrown);
    }

    /**
     * A throwable as it may stand in a log: itself, or where its text or that of a cause has what could pass for lines of the log or act
     * on a terminal, a copy with clean texts, the same stack traces and the same causes. Never throws.
     */
    public static Throwable loggable(Throwable thrown) {
        Throwable printable = printable(thrown);
        return printable == null || isClean(printable, 0) ? thrown : cleaned(printable, 0);
    }

    private static boolean isClean(Throwable thrown, int depth) {
        Throwable cause = causeOf(thrown);
        String text = text(thrown);
        return text.equals(FailureText.shown(text))
                && (cause == null || depth == MOST_CAUSES || isClean(cause, depth + 1));
    }

    private static Throwable cleaned(Throwable thrown, int depth) {
        StandIn clean = new StandIn(thrown);
        Throwable cause = causeOf(thrown);
        if (cause != null && depth < MOST_CAUSES) {
            clean.initCause(cleaned(cause, depth + 1));
        }
        return clean;
    }

    private static boolean isPrintable(Throwable thrown) {
        try {
            Throwable at = thrown;
            for (int depth = 0; at != null && depth < MOST_CAUSES; depth++) {
                if (!isShort(at)) {
                    return false;
                }
                for (Throwable suppressed : at.getSuppressed()) {
                    if (!isShort(suppressed)) {
                        return false;
                    }
                }
                at = at.getCause();
            }
            return true;
        } catch (Throwable e) { // foreign code
            return false;
        }
    }

    private static boolean isShort(Throwable thrown) {
        return String.valueOf(thrown.toString()).length() <= LONGEST_KEPT;
    }

    /** The substitute for a throwable that can't be printed as it is, or is too large to be kept. */
    private static final class StandIn extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StandIn(Throwable original) {
            super(FailureText.of(text(original)));
            try {
                setStackTrace(original.getStackTrace());
            } catch (Throwable e) { // foreign code; the place where this one was made has to do
                return;
            }
        }
    }
}

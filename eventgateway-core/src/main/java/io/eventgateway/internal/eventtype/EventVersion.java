package io.eventgateway.internal.eventtype;

import io.eventgateway.Event;
import org.jspecify.annotations.Nullable;

/** The version of an event's data, which its extension {@code dataversion} says; 1 without one. */
final class EventVersion {
    private static final int MAX_DIGITS = 9;

    private EventVersion() {}

    /** The version; 0 when the extension says no version. */
    static int of(Event event) {
        @Nullable Object said = event.getExtension(AnnotatedClass.VERSION);
        if (said == null) {
            return 1;
        }
        if (said instanceof Integer number) {
            return Math.max(0, number);
        }
        String text = said.toString();
        boolean isNumber =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(text) : 0;
    }
}

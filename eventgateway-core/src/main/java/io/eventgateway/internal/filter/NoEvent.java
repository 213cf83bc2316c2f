package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import org.jspecify.annotations.Nullable;

/** What an expression sees that looks at no event. */
final class NoEvent implements View {
    static final View VIEW = new NoEvent();

    private NoEvent() {}

    @Override
    public @Nullable Object at(Path path) {
        return null;
    }

    @Override
    public boolean mayHaveArrays() {
        return false;
    }

    @Override
    public Event event() {
        throw new IllegalStateException("there is no event");
    }
}

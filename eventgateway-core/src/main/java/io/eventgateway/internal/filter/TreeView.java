package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A view that looks at each path when it is asked: what the index is tested against, and what explanations look through. */
final class TreeView implements View {
    private final Event event;
    private final Verdicts verdicts;
    private @Nullable Object data;
    private boolean read;

    TreeView(Event event) {
        this(event, new Verdicts());
    }

    /** A view with what predicates have said of the event before. */
    TreeView(Event event, Verdicts verdicts) {
        this.event = event;
        this.verdicts = verdicts;
    }

    @Override
    public boolean verdict(Condition.Code code) {
        return verdicts.of(code, event);
    }

    @Override
    public @Nullable Object at(Path path) {
        List<String> names = path.names();
        if (names.isEmpty() || !names.get(0).equals(Path.DATA)) {
            return names.size() == 1 ? EventValues.attribute(event, names.get(0)) : null;
        }
        Object value = data();
        for (int i = 1; i < names.size() && value != null; i++) {
            value = value instanceof JsonNode node && node.isObject() ? node.get(names.get(i)) : null;
        }
        return value;
    }

    private @Nullable Object data() {
        if (!read) {
            data = EventValues.data(event);
            read = true;
        }
        return data;
    }

    @Override
    public @Nullable String dataProblem() {
        return EventValues.dataProblem(event);
    }

    @Override
    public boolean mayHaveArrays() {
        return true;
    }

    @Override
    public Event event() {
        return event;
    }
}

package io.eventgateway.internal.eventtype;

import io.eventgateway.EventHandler;
import io.eventgateway.Filter;
import io.eventgateway.FunctionHandler;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.internal.event.Handlers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event types that a class stands for: its own, or those of the permitted subclasses of a sealed one. Immutable.
 *
 * @param <T> the class
 */
public final class AnnotatedFamily<T> {
    private final Map<String, Class<? extends T>> classes;

    private AnnotatedFamily(Map<String, Class<? extends T>> classes) {
        this.classes = Map.copyOf(classes);
    }

    /**
     * The family of a class.
     *
     * @throws InvalidEventTypeException if it names no event type, or two of its subclasses name the same
     */
    public static <T> AnnotatedFamily<T> of(Class<T> type) {
        Map<String, Class<? extends T>> classes = new TreeMap<>();
        if (AnnotatedClass.isAnnotated(type)) {
            classes.put(AnnotatedClass.of(type).eventType(), type);
        } else {
            collect(type, type, classes);
        }
        if (classes.isEmpty()) {
            throw new InvalidEventTypeException(
                    "class " + type.getName()
                            + " names no event type: it has no @EventType, and is not sealed with permitted subclasses that have one");
        }
        return new AnnotatedFamily<>(classes);
    }

    private static <T> void collect(Class<T> root, Class<?> parent, Map<String, Class<? extends T>> classes) {
        Class<?>[] permitted = parent.getPermittedSubclasses();
        if (permitted == null) {
            return;
        }
        for (Class<?> child : permitted) {
            Class<? extends T> member = child.asSubclass(root);
            if (AnnotatedClass.isAnnotated(child)) {
                String eventType = AnnotatedClass.of(child).eventType();
                Class<?> other = classes.putIfAbsent(eventType, member);
                if (other != null && other != child) {
                    throw new InvalidEventTypeException("classes " + other.getName() + " and " + child.getName()
                            + " both name the event type '" + eventType + "', so events can't be told apart");
                }
            } else {
                collect(root, child, classes);
            }
        }
    }

    /** The event type, or the narrowest pattern that matches all of them. */
    public String eventType() {
        if (classes.size() == 1) {
            return classes.keySet().iterator().next();
        }
        List<String[]> types =
                classes.keySet().stream().map(type -> type.split("\\.")).toList();
        String[] first = types.get(0);
        int common = 0;
        while (common < first.length - 1 && isCommon(types, common)) {
            common++;
        }
        boolean oneMore = true;
        for (String[] type : types) {
            oneMore &= type.length == common + 1;
        }
        String rest = oneMore ? "*" : "**";
        return Arrays.stream(first).limit(common).collect(Collectors.joining(".")) + (common == 0 ? "" : ".") + rest;
    }

    private static boolean isCommon(List<String[]> types, int segment) {
        String wanted = types.get(0)[segment];
        return types.stream().allMatch(type -> segment < type.length - 1 && type[segment].equals(wanted));
    }

    /** The filter that lets the family's types pass; null where the event type does. */
    public @Nullable Filter filter() {
        if (classes.size() == 1) {
            return null;
        }
        ObjectNode pattern = JsonNodeFactory.instance.objectNode();
        classes.keySet().stream().sorted().forEach(pattern.putArray("type")::add);
        return Filter.pattern(pattern.toString());
    }

    /** The handler of events that hands on their data as instances of the class that each event's type has. */
    public FunctionHandler handler(EventHandler<? super T> handler) {
        return Handlers.of(classes, handler);
    }
}

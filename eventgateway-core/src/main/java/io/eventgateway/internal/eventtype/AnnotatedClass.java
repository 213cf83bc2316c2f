package io.eventgateway.internal.eventtype;

import io.eventgateway.Event;
import io.eventgateway.annotation.EventType;
import io.eventgateway.annotation.Extension;
import io.eventgateway.annotation.Subject;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.internal.event.Attributes;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A class with {@link EventType}: its type, and where its instances have their subject and extensions. Immutable. */
public final class AnnotatedClass {
    /** The extension that has the version of an event's data. */
    public static final String VERSION = "dataversion";

    private static final ClassValue<AnnotatedClass> KNOWN = new ClassValue<>() {
        @Override
        protected AnnotatedClass computeValue(Class<?> type) {
            return read(type);
        }
    };

    /** Reads a part of an instance. */
    @FunctionalInterface
    private interface Part {
        @Nullable Object of(Object instance) throws ReflectiveOperationException;
    }

    private record Named(String member, Part part) {}

    private final Class<?> type;
    private final String eventType;
    private final int version;
    private final @Nullable Named subject;
    private final Map<String, Named> extensions;

    private AnnotatedClass(
            Class<?> type, EventType annotation, @Nullable Named subject, Map<String, Named> extensions) {
        this.type = type;
        this.eventType = annotation.value();
        this.version = annotation.version();
        this.subject = subject;
        this.extensions = Map.copyOf(extensions);
    }

    /**
     * What the annotations of a class say.
     *
     * @throws InvalidEventTypeException if it has no {@link EventType}, or what they say is not valid
     */
    public static AnnotatedClass of(Class<?> type) {
        return KNOWN.get(type);
    }

    /** Returns whether a class is the data of an event type, by its own annotation or one that it inherits. */
    public static boolean isAnnotated(Class<?> type) {
        return type.isAnnotationPresent(EventType.class);
    }

    /** The event type. */
    public String eventType() {
        return eventType;
    }

    /** The version of the data. */
    public int version() {
        return version;
    }

    private static AnnotatedClass read(Class<?> type) {
        EventType annotation = type.getAnnotation(EventType.class);
        if (annotation == null) {
            throw new InvalidEventTypeException(
                    "class " + type.getName()
                            + " is no event: it has no @EventType; annotate it, or emit it as the data of a type by emit(type, data)");
        }
        try {
            Attributes.type(annotation.value());
        } catch (InvalidEventException e) {
            throw new InvalidEventTypeException("@EventType of class " + type.getName() + ": " + e.getMessage(), e);
        }
        if (annotation.version() < 1) {
            throw new InvalidEventTypeException("the version in @EventType of class " + type.getName()
                    + " must be 1 or more, was " + annotation.version());
        }
        List<Named> subjects = new ArrayList<>();
        Map<String, Named> extensions = new LinkedHashMap<>();
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                Named named = new Named(field.getName(), accessible(field, type)::get);
                collect(type, field, named, subjects, extensions);
            }
            for (Method method : at.getDeclaredMethods()) {
                collectOf(type, method, subjects, extensions);
            }
        }
        for (Class<?> parent : interfacesOf(type)) {
            for (Method method : parent.getDeclaredMethods()) {
                collectOf(type, method, subjects, extensions);
            }
        }
        if (subjects.stream().map(Named::member).distinct().count() > 1) {
            throw new InvalidEventTypeException(
                    "class " + type.getName() + " must have at most one @Subject, has it at "
                            + subjects.stream().map(Named::member).distinct().toList());
        }
        return new AnnotatedClass(type, annotation, subjects.isEmpty() ? null : subjects.get(0), extensions);
    }

    private static void collectOf(Class<?> type, Method method, List<Named> subjects, Map<String, Named> extensions) {
        boolean annotated = method.isAnnotationPresent(Subject.class) || method.isAnnotationPresent(Extension.class);
        if (!annotated) {
            return;
        }
        if (method.getParameterCount() > 0
                || method.getReturnType() == void.class
                || Modifier.isStatic(method.getModifiers())) {
            throw new InvalidEventTypeException("method " + method.getName() + " of class " + type.getName()
                    + " has @Subject or @Extension and must have no parameters, return a value, and not be static");
        }
        collect(type, method, new Named(method.getName(), accessible(method, type)::invoke), subjects, extensions);
    }

    private static void collect(
            Class<?> type, AccessibleObject member, Named named, List<Named> subjects, Map<String, Named> extensions) {
        if (member.isAnnotationPresent(Subject.class)) {
            subjects.add(named);
        }
        Extension extension = member.getAnnotation(Extension.class);
        if (extension == null) {
            return;
        }
        try {
            Event.builder("a").extension(extension.value(), "a");
        } catch (InvalidEventException e) {
            throw new InvalidEventTypeException(
                    "@Extension at " + named.member() + " of class " + type.getName() + ": " + e.getMessage(), e);
        }
        Named before = extensions.putIfAbsent(extension.value(), named);
        if (before != null
                && !before.member().equals(named.member())) { // a record's component is its field and its accessor
            throw new InvalidEventTypeException("class " + type.getName() + " must have at most one @Extension(\""
                    + extension.value() + "\"), has it at " + before.member() + " and " + named.member());
        }
    }

    private static List<Class<?>> interfacesOf(Class<?> type) {
        List<Class<?>> all = new ArrayList<>();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Class<?> parent : at.getInterfaces()) {
                all.add(parent);
                all.addAll(interfacesOf(parent));
            }
        }
        return all;
    }

    private static <T extends AccessibleObject> T accessible(T member, Class<?> type) {
        boolean annotated = member.isAnnotationPresent(Subject.class) || member.isAnnotationPresent(Extension.class);
        if (annotated && !member.trySetAccessible()) {
            throw new InvalidEventTypeException("class " + type.getName() + " can't be read: open its package "
                    + type.getPackageName() + " to module io.eventgateway.core");
        }
        return member;
    }

    /**
     * The event that an instance is the data of.
     *
     * @throws InvalidEventException if its subject or an extension is not valid, or can't be read
     */
    public Event eventOf(Object instance) {
        Event.Builder builder = Event.builder(eventType).data(instance);
        Named named = subject;
        if (named != null) {
            Object value = value(named, instance);
            builder.subject(value == null ? null : text(named, value));
        }
        extensions.forEach((name, part) -> {
            Object value = value(part, instance);
            if (value != null) {
                builder.extension(name, isExtensionValue(value) ? value : text(part, value));
            }
        });
        if (version > 1) {
            builder.extension(VERSION, version);
        }
        return builder.build();
    }

    private static boolean isExtensionValue(Object value) {
        return value instanceof String
                || value instanceof Integer
                || value instanceof Boolean
                || value instanceof byte[];
    }

    /** The text of a part, which its class may fail to give or have none. */
    private @Nullable String text(Named named, Object value) {
        try {
            return value.toString();
        } catch (RuntimeException | StackOverflowError e) { // foreign code
            throw new InvalidEventException(
                    "toString of " + value.getClass().getName() + ", which " + named.member() + " of class "
                            + type.getName() + " gave, threw " + e.getClass().getName()
                            + " when the event was made",
                    e);
        }
    }

    private @Nullable Object value(Named named, Object instance) {
        try {
            Object value = named.part().of(instance);
            return value instanceof Optional<?> perhaps ? perhaps.orElse(null) : value;
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            throw new InvalidEventException(
                    named.member() + " of class " + type.getName() + " threw "
                            + thrown.getClass().getName() + " when the event was made",
                    thrown);
        } catch (ReflectiveOperationException e) {
            throw new InvalidEventException(named.member() + " of class " + type.getName() + " can't be read", e);
        }
    }
}

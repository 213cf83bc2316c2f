package io.eventgateway.internal.event;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** Sorts what a function in this process returned: a value, replies, or what nobody would ever read. */
public final class Returned {
    private static final String REACTIVE_PUBLISHER = "org.reactivestreams.Publisher";
    private static final int VALUE = 0;
    private static final int EVENT = 1;
    private static final int COLLECTION = 2;
    private static final int ARRAY = 3;
    private static final int STAGE = 4;
    private static final int FUTURE = 5;
    private static final int PUBLISHER = 6;
    private static final int STREAM = 7;
    private static final int BUILDER = 8;

    /** What objects of a class are. Integers, since a class of the JDK would keep one of ours, and our class loader, alive. */
    private static final ClassValue<Integer> KIND = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> type) {
            return kindOf(type);
        }
    };

    private Returned() {}

    private static int kindOf(Class<?> type) {
        if (CloudEvent.class.isAssignableFrom(type)) {
            return EVENT;
        }
        if (CompletionStage.class.isAssignableFrom(type)) {
            return STAGE;
        }
        if (Collection.class.isAssignableFrom(type)) {
            return COLLECTION;
        }
        if (type.isArray()) {
            return type.getComponentType().isPrimitive() ? VALUE : ARRAY;
        }
        if (Future.class.isAssignableFrom(type)) {
            return FUTURE;
        }
        if (Flow.Publisher.class.isAssignableFrom(type) || isReactive(type)) {
            return PUBLISHER;
        }
        if (Event.Builder.class.isAssignableFrom(type)) {
            return BUILDER;
        }
        return BaseStream.class.isAssignableFrom(type) ? STREAM : VALUE;
    }

    private static boolean isReactive(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Class<?> implemented : each.getInterfaces()) {
                if (implemented.getName().equals(REACTIVE_PUBLISHER) || isReactive(implemented)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What a function returned, without the {@link Optional} around it: null where that is empty. */
    public static @Nullable Object unwrapped(@Nullable Object value) {
        Object inner = value;
        while (inner instanceof Optional<?> optional) {
            inner = optional.orElse(null);
        }
        return inner;
    }

    /**
     * The replies that a function returned; none when it returned a value.
     *
     * @param value what it returned, or what its stage ended with, {@linkplain #unwrapped unwrapped}
     * @throws InvocationException a {@code FUNCTION_ERROR} that is not retryable, if nobody would wait for the value or read it; a
     *     retryable one if its collection threw
     */
    public static List<CloudEvent> replies(Object value, String functionId) {
        return switch (KIND.get(value.getClass())) {
            case EVENT -> List.of((CloudEvent) value);
            case COLLECTION -> repliesOf((Collection<?>) value, functionId);
            case ARRAY -> repliesOf(Arrays.asList((Object[]) value), functionId);
            case STAGE -> throw mistake(functionId, "a stage that ends with a stage", "join them, as thenCompose does");
            case FUTURE ->
                throw mistake(
                        functionId,
                        "a " + value.getClass().getName() + ", a Future that can't say when it is done",
                        "return a CompletionStage such as CompletableFuture, or the value");
            case PUBLISHER ->
                throw mistake(
                        functionId,
                        "a " + value.getClass().getName() + ", a Publisher that nobody subscribes to",
                        "return a CompletionStage, as Reactor's toFuture() and RxJava's toCompletionStage() make one");
            case STREAM ->
                throw mistake(
                        functionId,
                        "a " + value.getClass().getName() + ", a Stream that nobody reads",
                        "return a collection, as toList() makes one");
            case BUILDER -> throw mistake(functionId, "a builder of an event", "return what its build() makes");
            default -> List.of();
        };
    }

    private static List<CloudEvent> repliesOf(Collection<?> values, String functionId) {
        List<CloudEvent> replies = new ArrayList<>(0);
        int others = 0;
        try {
            for (Object value : values) {
                if (value instanceof CloudEvent reply) {
                    replies.add(reply);
                } else {
                    others++;
                }
            }
        } catch (Throwable e) { // the function's own collection, or a collection that another thread still changes
            throw new InvocationException(
                    InvocationException.Kind.FUNCTION_ERROR,
                    true,
                    "function '" + functionId + "' returned a "
                            + values.getClass().getName() + " that can't be read: it threw " + Thrown.text(e),
                    e);
        }
        if (others > 0 && !replies.isEmpty()) {
            throw mistake(
                    functionId,
                    replies.size() + " events together with " + others + " other elements",
                    "return events alone, which are emitted, or values alone, which are the result");
        }
        return replies;
    }

    private static InvocationException mistake(String functionId, String what, String remedy) {
        return new InvocationException(
                InvocationException.Kind.FUNCTION_ERROR,
                false,
                "function '" + functionId + "' returned " + what + "; " + remedy);
    }
}

package io.eventgateway.benchmarks.durable;

import java.util.List;

/** A library that keeps work in a database until it is done, on some instances that share it. */
interface Contender extends AutoCloseable {
    /** What is called for each piece of work. */
    @FunctionalInterface
    interface Handler {
        void handle(long number);
    }

    /** Hands over work that carries about a kilobyte, and returns when it is committed. */
    void emit(int instance, long number);

    /** As {@link #emit}, for many; null when the library has no such thing. */
    default void emitAll(int instance, List<Long> numbers) {
        numbers.forEach(number -> emit(instance, number));
    }

    /** Whether {@link #emitAll} is more than a loop. */
    default boolean hasEmitAll() {
        return false;
    }

    @Override
    void close();
}

package io.eventgateway.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The event type of a class: its instances are the data of events of that type. {@code gateway.emit(new OrderPlaced(...))} emits
 * one, {@code gateway.subscribe(OrderPlaced.class, ...)} gets it.
 *
 * <p>A sealed class or interface needs none: it stands for all of its permitted subclasses that have one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventType {
    /** The event type, such as {@code order.placed}; no pattern. */
    String value();

    /** The version of the data, 1 and more. Events of version 2 and more say theirs in the extension {@code dataversion}. */
    int version() default 1;
}

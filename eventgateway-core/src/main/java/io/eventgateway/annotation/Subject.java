package io.eventgateway.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The component, field or method without parameters whose value becomes the subject of an event that a class with {@link EventType} is
 * emitted as, by its {@code toString}; null for none. It stays in the data too. A class has at most one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD})
public @interface Subject {}

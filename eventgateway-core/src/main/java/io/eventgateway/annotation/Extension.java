package io.eventgateway.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The component, field or method without parameters whose value becomes an extension attribute of an event that a class with {@link
 * EventType} is emitted as; null for none. It stays in the data too.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD})
public @interface Extension {
    /** The name of the extension: 1 to 20 of {@code a-z 0-9} (CloudEvents 1.0, section 3.1). */
    String value();
}

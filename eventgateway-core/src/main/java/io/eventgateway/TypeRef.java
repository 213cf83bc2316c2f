package io.eventgateway;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * A type with its type arguments, which a {@link Class} does not have: {@code new TypeRef<List<User>>() {}}. Immutable.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {
    private final Type type;

    /**
     * The type that the subclass names.
     *
     * @throws IllegalArgumentException if the subclass names none, as {@code new TypeRef() {}}
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType superclass)
                || superclass.getRawType() != TypeRef.class) {
            throw new IllegalArgumentException(
                    "a TypeRef must name its type where it is made, as new TypeRef<List<String>>() {}");
        }
        this.type = superclass.getActualTypeArguments()[0];
    }

    /** The type with its arguments. */
    public final Type type() {
        return type;
    }

    /** The type as Java writes it. */
    @Override
    public final String toString() {
        return type.getTypeName();
    }
}

package io.eventgateway.jsonschema;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SubtypeResolver;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the classes that a sealed one stands for, where no annotation of Jackson's says it. Stateless. */
final class SealedSubtypes implements SubtypeResolver {
    @Override
    @SuppressWarnings("NullAway") // null leaves it to others, which the library does not say
    public @Nullable List<ResolvedType> findSubtypes(ResolvedType declaredType, SchemaGenerationContext context) {
        Class<?> type = declaredType.getErasedType();
        if (!type.isSealed() || type.isEnum()) {
            return null;
        }
        Set<Class<?>> subtypes = new LinkedHashSet<>();
        collect(type, subtypes);
        return subtypes.stream()
                .<ResolvedType>map(subtype -> context.getTypeContext().resolveSubtype(declaredType, subtype))
                .toList();
    }

    private static void collect(Class<?> type, Set<Class<?>> subtypes) {
        if (type.isSealed()) {
            for (Class<?> child : type.getPermittedSubclasses()) {
                collect(child, subtypes);
            }
        }
        if (!type.isSealed() || !Modifier.isAbstract(type.getModifiers())) {
            subtypes.add(type);
        }
    }
}

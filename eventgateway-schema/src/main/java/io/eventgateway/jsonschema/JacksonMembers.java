package io.eventgateway.jsonschema;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.github.victools.jsonschema.generator.CustomPropertyDefinition;
import com.github.victools.jsonschema.generator.MemberScope;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigPart;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * The members of objects as Jackson writes them: which, by what names, and which of them may be null or left out. The components of a
 * record are there and not null, unless {@code Optional} or {@code @Nullable} say otherwise; references of other classes may be null.
 * Thread-safe.
 */
final class JacksonMembers {
    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private final JsonMapper mapper;
    private final Map<Class<?>, BeanDescription> described = new ConcurrentHashMap<>();

    JacksonMembers(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** What Jackson knows of a class whose instances it writes. */
    static BeanDescription describe(JsonMapper mapper, Class<?> type) {
        ClassIntrospector introspector = mapper.serializationConfig().classIntrospectorInstance();
        JavaType javaType = mapper.constructType(type);
        return introspector.introspectForSerialization(javaType, introspector.introspectClassAnnotations(javaType));
    }

    /** Has the generator write members as Jackson does. */
    <M extends MemberScope<?, ?>> void applyTo(SchemaGeneratorConfigPart<M> part) {
        part.withIgnoreCheck(member -> !member.isFakeContainerItemScope() && property(member) == null);
        part.withPropertyNameOverrideResolver(member -> {
            BeanPropertyDefinition property = property(member);
            return property == null ? null : property.getName();
        });
        part.withRequiredCheck(this::isRequired);
        part.withNullableCheck(member -> member.isFakeContainerItemScope() ? null : mayBeNull(member));
        part.withCustomDefinitionProvider((member, context) -> isWrittenItsOwnWay(member)
                ? new CustomPropertyDefinition(context.getGeneratorConfig().createObjectNode())
                : null);
    }

    /** The property that Jackson writes from a member; null when it writes none, or writes it from another. */
    private @Nullable BeanPropertyDefinition property(MemberScope<?, ?> member) {
        Class<?> owner =
                member.getDeclaringTypeMembers().allTypesAndOverrides().get(0).getErasedType();
        BeanDescription description = described.computeIfAbsent(owner, type -> describe(mapper, type));
        for (BeanPropertyDefinition property : description.findProperties()) {
            boolean isFromField =
                    property.hasField() && isSame(property.getField().getMember(), member);
            boolean isFromGetter = !property.hasField()
                    && property.hasGetter()
                    && isSame(property.getGetter().getMember(), member);
            if (isFromField || isFromGetter) {
                return property;
            }
        }
        return null;
    }

    private static boolean isSame(Member one, MemberScope<?, ?> other) {
        return one.equals(other.getRawMember());
    }

    private boolean isRequired(MemberScope<?, ?> member) {
        BeanPropertyDefinition property = property(member);
        if (property == null || isLeftOutAtTimes(member, property)) {
            return false;
        }
        JsonProperty said = member.getAnnotationConsideringFieldAndGetterIfSupported(JsonProperty.class);
        return (said != null && said.required())
                || typeOf(member).isPrimitive()
                || (isOfRecord(member) && !isOptional(member));
    }

    private boolean mayBeNull(MemberScope<?, ?> member) {
        JsonProperty said = member.getAnnotationConsideringFieldAndGetterIfSupported(JsonProperty.class);
        return isOptional(member)
                || (!typeOf(member).isPrimitive() && !isOfRecord(member) && (said == null || !said.required()));
    }

    private static boolean isLeftOutAtTimes(MemberScope<?, ?> member, BeanPropertyDefinition property) {
        JsonInclude.Value own = property.findInclusion();
        JsonInclude.Include include = own == null ? JsonInclude.Include.USE_DEFAULTS : own.getValueInclusion();
        if (include == JsonInclude.Include.USE_DEFAULTS) {
            JsonInclude ofClass = member.getDeclaringType().getErasedType().getAnnotation(JsonInclude.class);
            include = ofClass == null ? JsonInclude.Include.ALWAYS : ofClass.value();
        }
        return include != JsonInclude.Include.ALWAYS && include != JsonInclude.Include.USE_DEFAULTS;
    }

    private static boolean isOfRecord(MemberScope<?, ?> member) {
        return member.getDeclaringType().getErasedType().isRecord();
    }

    private static Class<?> typeOf(MemberScope<?, ?> member) {
        return member.getRawMember() instanceof Field field
                ? field.getType()
                : ((Method) member.getRawMember()).getReturnType();
    }

    private static boolean isOptional(MemberScope<?, ?> member) {
        return OPTIONALS.contains(typeOf(member)) || isAnnotatedNullable(member.getRawMember());
    }

    /** Returns whether a member is annotated {@code Nullable}, whoever's annotation that is. */
    private static boolean isAnnotatedNullable(Member member) {
        AnnotatedType type =
                member instanceof Field field ? field.getAnnotatedType() : ((Method) member).getAnnotatedReturnType();
        return Stream.concat(
                        Arrays.stream(type.getAnnotations()),
                        Arrays.stream(((AnnotatedElement) member).getAnnotations()))
                .map(Annotation::annotationType)
                .anyMatch(annotation -> annotation.getSimpleName().equals("Nullable"));
    }

    /** Returns whether annotations give a member another form than its class has. */
    private static boolean isWrittenItsOwnWay(MemberScope<?, ?> member) {
        JsonSerialize serialised = member.getAnnotationConsideringFieldAndGetterIfSupported(JsonSerialize.class);
        return serialised != null
                || member.getAnnotationConsideringFieldAndGetterIfSupported(JsonFormat.class) != null
                || member.getAnnotationConsideringFieldAndGetterIfSupported(JsonRawValue.class) != null;
    }
}

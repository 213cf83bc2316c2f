package io.eventgateway.surface;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One public type in one line: what it is, and the names of what it offers, each with the simple types of its parameters. */
final class Signature {
    private static final Set<String> OF_EVERY_ENUM = Set.of("values", "valueOf");

    private final Class<?> type;

    Signature(Class<?> type) {
        this.type = type;
    }

    String line() {
        List<String> parts = new ArrayList<>();
        parts.add("**" + name(type) + "** " + kind() + supertypes());
        addPart(parts, "", constants());
        addPart(parts, "new ", constructors());
        addPart(parts, "static ", methods(method -> Modifier.isStatic(method.getModifiers())));
        addPart(parts, "", methods(method -> !Modifier.isStatic(method.getModifiers())));
        return "* " + String.join("; ", parts) + "\n";
    }

    private static void addPart(List<String> parts, String prefix, String members) {
        if (!members.isEmpty()) {
            parts.add(prefix + members);
        }
    }

    private String kind() {
        if (type.isAnnotation()) {
            return "annotation";
        }
        if (type.isRecord()) {
            return "record"
                    + Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getName)
                            .collect(Collectors.joining(", ", "(", ")"));
        }
        if (type.isInterface()) {
            return type.isSealed() ? "sealed interface" : "interface";
        }
        if (type.isEnum()) {
            return "enum";
        }
        return Modifier.isAbstract(type.getModifiers()) ? "abstract class" : "class";
    }

    private String supertypes() {
        return Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
                .filter(each ->
                        Modifier.isPublic(each.getModifiers())) // a supertype that nobody can name is not offered
                .filter(each ->
                        !Set.of("Object", "Record", "Enum", "Annotation").contains(each.getSimpleName()))
                .map(Signature::name)
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), names -> names.isEmpty() ? "" : " : " + names));
    }

    private String constants() {
        return Arrays.stream(type.getDeclaredFields())
                .filter(Signature::isOffered)
                .map(Field::getName)
                .collect(Collectors.joining(" "));
    }

    private String constructors() {
        return type.isRecord()
                ? ""
                : Arrays.stream(type.getDeclaredConstructors())
                        .filter(this::isOfferedByConstructor)
                        .map(Signature::parameters)
                        .sorted()
                        .collect(Collectors.joining(" "));
    }

    private boolean isOfferedByConstructor(Constructor<?> constructor) {
        return isOffered(constructor) && !(constructor.isSynthetic() || type.isAnonymousClass());
    }

    private String methods(Predicate<Method> chosen) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> isOffered(method) && !method.isSynthetic() && chosen.test(method))
                .filter(method -> !isImplied(method))
                .sorted(Comparator.comparing(Method::getName)
                        .thenComparing(Method::getParameterCount)
                        .thenComparing(Signature::parameters))
                .map(method -> method.getName() + (method.getParameterCount() == 0 ? "" : parameters(method)))
                .collect(Collectors.joining(" "));
    }

    /** Whether a method is one that every type of this kind has, or says nothing that a supertype of ours does not say. */
    private boolean isImplied(Method method) {
        return declares(Object.class, method)
                || type.isEnum() && OF_EVERY_ENUM.contains(method.getName())
                || type.isRecord()
                        && method.getParameterCount() == 0
                        && Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getName)
                                .anyMatch(method.getName()::equals)
                || supertypesOf(type).anyMatch(supertype -> declares(supertype, method));
    }

    private static Stream<Class<?>> supertypesOf(Class<?> type) {
        return Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
                .filter(Objects::nonNull)
                .flatMap(each -> Stream.concat(Stream.of(each), supertypesOf(each)));
    }

    private static boolean declares(Class<?> supertype, Method method) {
        return Arrays.stream(supertype.getDeclaredMethods())
                .anyMatch(each -> isOffered(each)
                        && each.getName().equals(method.getName())
                        && Arrays.equals(each.getParameterTypes(), method.getParameterTypes()));
    }

    private static boolean isOffered(Member member) {
        return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    }

    private static String parameters(Executable executable) {
        List<String> types = Arrays.stream(executable.getParameterTypes())
                .map(Signature::name)
                .collect(Collectors.toList());
        if (executable.isVarArgs()) {
            String last = types.remove(types.size() - 1);
            types.add(last.substring(0, last.length() - 2) + "...");
        }
        return types.stream().collect(Collectors.joining(", ", "(", ")"));
    }

    /** The name of a type within its package. */
    private static String name(Class<?> type) {
        if (type.isArray()) {
            return name(type.getComponentType()) + "[]";
        }
        return type.getEnclosingClass() == null
                ? type.getSimpleName()
                : name(type.getEnclosingClass()) + "." + type.getSimpleName();
    }
}

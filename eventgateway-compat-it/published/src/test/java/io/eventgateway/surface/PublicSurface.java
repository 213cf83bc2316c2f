package io.eventgateway.surface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the published modules offer: the public types of the packages that they export to everybody. */
final class PublicSurface {
    private PublicSurface() {}

    /** The page that lists it. */
    static String page(Path... jars) {
        StringBuilder page = new StringBuilder("""
                # The public surface

                Every public type of every exported package, one a line, with its public and protected members. Methods stand with the types of their
                parameters; what a supertype says already is not repeated. [VERSIONING.md](../VERSIONING.md) says what is promised of it.

                This page is written by `PublicSurfaceTest`, which fails when the surface is not what it says:

                ```sh
                ./mvnw verify -pl eventgateway-compat-it/published -am -Dtest=PublicSurfaceTest -Dsurefire.failIfNoSpecifiedTests=false \\
                    -Dsurface.write=true
                ```
                """);
        ModuleFinder.of(jars).findAll().stream()
                .sorted(Comparator.comparing(each -> each.descriptor().name()))
                .forEach(module -> append(page, module));
        return page.toString();
    }

    private static void append(StringBuilder page, ModuleReference module) {
        module.descriptor().exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .forEach(exported -> {
                    page.append("\n## ").append(exported).append("\n\n");
                    types(module, exported).forEach(type -> page.append(new Signature(type).line()));
                });
    }

    private static List<Class<?>> types(ModuleReference module, String exported) {
        String folder = exported.replace('.', '/') + "/";
        try (ModuleReader reader = module.open();
                Stream<String> files = reader.list()) {
            return files.filter(file -> file.startsWith(folder) && file.endsWith(".class"))
                    .map(file -> file.substring(folder.length(), file.length() - ".class".length()))
                    .filter(name -> !name.contains("/") && !name.equals("package-info"))
                    .<Class<?>>map(name -> load(exported + "." + name))
                    .filter(PublicSurface::isPublic)
                    .sorted(Comparator.comparing(Class::getName))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicSurface.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a type can be named from outside its package: with all types that enclose it, it is public or protected. */
    private static boolean isPublic(Class<?> type) {
        return (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
                && !type.isSynthetic()
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }
}

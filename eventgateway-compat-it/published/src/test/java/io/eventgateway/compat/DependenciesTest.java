package io.eventgateway.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/compatibility.md to what the published modules bring. */
class DependenciesTest {
    private static final int MOST_JARS_OF_CORE = 11;
    private static final long MOST_BYTES_OF_CORE = 5_000_000;

    /** A line of {@code dependency:tree}: bars, then the coordinates. */
    private static final Pattern LINE =
            Pattern.compile("(?<bars>(?:[|+\\\\ ][ -] )*)(?<artifact>[\\w.-]+:[\\w.-]+):jar:.*");
    /** A row of the page: module, artifact, reason. */
    private static final Pattern ROW =
            Pattern.compile("\\| `(eventgateway-[a-z]+)` \\| `([\\w.-]+:[\\w.-]+)` \\| (.+) \\|");

    private static Map<String, Set<String>> brought() throws IOException {
        Map<String, Set<String>> brought = new TreeMap<>();
        String module = "";
        for (String line : Files.readAllLines(Path.of(System.getProperty("tree")))) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && !matcher.group("bars").isEmpty()) {
                String artifact = matcher.group("artifact");
                if (matcher.group("bars").length() == 3) {
                    module = artifact.substring(artifact.indexOf(':') + 1);
                } else {
                    brought.computeIfAbsent(module, key -> new TreeSet<>()).add(artifact);
                }
            }
        }
        return brought;
    }

    @Test
    void thePageNamesEveryDependencyWithItsReason() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of(System.getProperty("page")))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                listed.computeIfAbsent(row.group(1), key -> new TreeSet<>()).add(row.group(2));
            }
        }
        assertThat(brought()).isEqualTo(listed);
    }

    @Test
    void theCoreStaysSmall() throws IOException {
        Set<String> names = new TreeSet<>(Set.of("eventgateway-core"));
        brought()
                .get("eventgateway-core")
                .forEach(artifact -> names.add(artifact.substring(artifact.indexOf(':') + 1)));
        assertThat(names).hasSizeLessThanOrEqualTo(MOST_JARS_OF_CORE);
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("jars")))) {
            long bytes = jars.filter(jar -> names.contains(nameOf(jar)))
                    .mapToLong(DependenciesTest::size)
                    .sum();
            System.out.println("core: " + names.size() + " jars, " + bytes + " bytes");
            assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES_OF_CORE);
        }
    }

    private static String nameOf(Path jar) {
        return jar.getFileName().toString().replaceFirst("-\\d.*", "");
    }

    private static long size(Path jar) {
        try {
            return Files.size(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

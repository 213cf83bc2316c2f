package io.eventgateway.examples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The regions of this module's sources that the documentation shows: what stands between the comments {@code tag::name[]} and {@code
 * end::name[]}, without the common indentation. A region may have several parts.
 */
final class Snippets {
    private static final Pattern MARK = Pattern.compile("\\s*// (tag|end)::([a-z0-9-]+)\\[]");

    private final Map<String, List<String>> regions = new TreeMap<>();

    private Snippets() {}

    /** Reads the regions of every Java source of the module. */
    static Snippets read() throws IOException {
        Snippets snippets = new Snippets();
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                snippets.add(file.toString(), Files.readAllLines(file));
            }
        }
        return snippets;
    }

    /** Reads the regions of one source. */
    static Snippets of(String file, List<String> lines) {
        Snippets snippets = new Snippets();
        snippets.add(file, lines);
        return snippets;
    }

    private void add(String file, List<String> lines) {
        Map<String, List<String>> open = new TreeMap<>();
        Map<String, List<String>> found = new TreeMap<>();
        for (String line : lines) {
            Matcher mark = MARK.matcher(line);
            if (!mark.matches()) {
                open.values().forEach(region -> region.add(line));
            } else if (mark.group(1).equals("tag")) {
                if (open.put(mark.group(2), found.computeIfAbsent(mark.group(2), name -> new ArrayList<>())) != null) {
                    throw new IllegalStateException(file + ": region '" + mark.group(2) + "' begins within itself");
                }
            } else if (open.remove(mark.group(2)) == null) {
                throw new IllegalStateException(file + ": region '" + mark.group(2) + "' ends and was not begun");
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalStateException(file + ": regions " + open.keySet() + " don't end");
        }
        found.forEach((name, region) -> {
            if (regions.put(name, unindented(region)) != null) {
                throw new IllegalStateException("region '" + name + "' is in " + file + " and in another file");
            }
        });
    }

    private static List<String> unindented(List<String> lines) {
        int indent = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(indent))
                .collect(Collectors.joining("\n"))
                .strip()
                .lines()
                .toList();
    }

    /** Returns the names of all regions. */
    List<String> names() {
        return List.copyOf(regions.keySet());
    }

    /** Returns the lines of a region. */
    List<String> lines(String name) {
        List<String> lines = regions.get(name);
        if (lines == null) {
            throw new IllegalArgumentException("there is no region '" + name + "'; there are " + regions.keySet());
        }
        return lines;
    }

    /** Returns the pages that have code: the README and everything under {@code docs}. */
    static List<Path> pages() {
        try (Stream<Path> docs = Files.walk(Path.of("..", "docs"))) {
            return Stream.concat(
                            Stream.of(Path.of("..", "README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

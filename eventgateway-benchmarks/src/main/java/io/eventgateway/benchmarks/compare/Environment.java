package io.eventgateway.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where and when a run took place.
 *
 * @param machine processor, cores, memory and operating system
 * @param jdk the virtual machine
 * @param date the day, in UTC
 * @param commit what was measured
 * @param effort how much was measured
 */
record Environment(String machine, String jdk, String date, String commit, Settings.Effort effort) {
    /** Returns this machine's. */
    static Environment here(String commit, Settings.Effort effort) {
        return new Environment(
                describeMachine(),
                "%s %s (%s)"
                        .formatted(
                                System.getProperty("java.vm.name"),
                                System.getProperty("java.runtime.version"),
                                System.getProperty("java.vendor")),
                LocalDate.now(ZoneOffset.UTC).toString(),
                commit,
                effort);
    }

    private static String describeMachine() {
        return String.format(
                Locale.ROOT,
                "%s, %d cores, %s, %s %s",
                first("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                memory(),
                System.getProperty("os.name"),
                System.getProperty("os.version"));
    }

    private static String memory() {
        String kilobytes = first("/proc/meminfo", "MemTotal", "").replaceAll("\\D", "");
        return kilobytes.isEmpty()
                ? "unknown memory"
                : String.format(Locale.ROOT, "%.0f GB", Long.parseLong(kilobytes) / 1024.0 / 1024.0);
    }

    private static String first(String file, String name, String otherwise) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name) && line.indexOf(':') > 0)
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            return otherwise; // not Linux
        }
    }

    void write(ObjectNode node) {
        node.put("machine", machine)
                .put("jdk", jdk)
                .put("date", date)
                .put("commit", commit)
                .put("effort", effort.name());
    }

    static Environment read(JsonNode node) {
        return new Environment(
                node.path("machine").asString(),
                node.path("jdk").asString(),
                node.path("date").asString(),
                node.path("commit").asString(),
                Settings.Effort.valueOf(node.path("effort").asString(Settings.Effort.FULL.name())));
    }
}

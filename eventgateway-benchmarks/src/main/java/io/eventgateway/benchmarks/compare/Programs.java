package io.eventgateway.benchmarks.compare;

import io.eventgateway.benchmarks.DeadHost;
import io.eventgateway.benchmarks.Figures;
import io.eventgateway.benchmarks.HttpFanOut;
import io.eventgateway.benchmarks.HttpMemory;
import io.eventgateway.benchmarks.WaitingMemory;
import io.eventgateway.benchmarks.durable.ColdStart;
import io.eventgateway.benchmarks.durable.DurableThroughput;
import io.eventgateway.benchmarks.durable.TransactionalEmit;
import io.eventgateway.benchmarks.filter.FilterSetMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The programs among the benchmarks, each run in a process of its own, whose printed figures become results. */
final class Programs {
    private static final Pattern FIGURE = Pattern.compile(Pattern.quote(Figures.PREFIX) + "(.+) = (-?[0-9.]+) (\\S+)");
    private static final long MINUTES = 30;

    /** A program. */
    enum Program {
        DURABLE_THROUGHPUT(DurableThroughput.class, true, 130) {
            @Override
            List<String> rounds(Settings.Effort effort) {
                return List.of(effort == Settings.Effort.FULL ? "3" : "1");
            }
        },
        TRANSACTIONAL_EMIT(TransactionalEmit.class, true, 40) {
            @Override
            List<String> rounds(Settings.Effort effort) {
                return List.of(effort == Settings.Effort.FULL ? "4" : "2"); // the first one is not counted
            }
        },
        COLD_START(ColdStart.class, true, 15),
        HTTP_FAN_OUT(HttpFanOut.class, false, 40),
        DEAD_HOST(DeadHost.class, false, 10),
        HTTP_MEMORY(HttpMemory.class, false, 180),
        WAITING_MEMORY(WaitingMemory.class, false, 10),
        FILTER_SET_MEMORY(FilterSetMemory.class, false, 15);

        private final Class<?> main;
        private final boolean database;
        private final double seconds;

        Program(Class<?> main, boolean database, double seconds) {
            this.main = main;
            this.database = database;
            this.seconds = seconds;
        }

        /** Returns the arguments that say how many rounds there are. */
        List<String> rounds(Settings.Effort effort) {
            return List.of();
        }

        /** Returns about how many seconds it takes. */
        double seconds(Settings.Effort effort) {
            return this == DURABLE_THROUGHPUT && effort == Settings.Effort.FULL ? 3 * seconds : seconds;
        }
    }

    private final Settings settings;
    private final PrintStream log;
    private final Progress progress;
    private @Nullable PostgresServer server;

    Programs(Settings settings, PrintStream log, Progress progress) {
        this.settings = settings;
        this.log = log;
        this.progress = progress;
    }

    /** Returns about how many seconds the programs of the sources take. */
    double seconds(List<Source.Program> sources) {
        return programs(sources).stream()
                .mapToDouble(each -> each.seconds(settings.effort()))
                .sum();
    }

    private static Set<Program> programs(List<Source.Program> sources) {
        Set<Program> programs = new LinkedHashSet<>();
        sources.forEach(each -> programs.add(each.program()));
        return programs;
    }

    /** Runs the programs of the sources and puts the results into the run, or why there are none. */
    void measure(List<Source.Program> sources, Run run) {
        for (Program program : programs(sources)) {
            List<Source.Program> wanted = sources.stream()
                    .filter(each -> each.program() == program && !run.has(each))
                    .toList();
            if (wanted.isEmpty()) {
                continue;
            }
            List<String> arguments = new ArrayList<>();
            if (program.database) {
                try {
                    arguments.add(database());
                } catch (IOException e) {
                    String why = String.valueOf(e.getMessage());
                    progress.skipped(program.main.getSimpleName(), why);
                    wanted.forEach(each -> run.failed(each, why));
                    continue;
                }
            }
            arguments.addAll(program.rounds(settings.effort()));
            long begun = System.nanoTime();
            Map<String, List<Result>> printed = new LinkedHashMap<>();
            String failure = "it did not print this figure";
            try {
                run(program, arguments, printed);
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
                progress.failed(program.main.getSimpleName(), failure);
            }
            run.took(wanted.get(0), (System.nanoTime() - begun) / 1e9);
            for (Source.Program each : wanted) {
                List<Result> rounds = printed.get(each.figure());
                if (rounds == null) {
                    run.failed(each, failure);
                } else {
                    Result result = median(rounds);
                    run.measured(each, result);
                    progress.measured(each.key(), rounds.size(), result.value(), result.unit());
                }
            }
        }
    }

    private void run(Program program, List<String> arguments, Map<String, List<Result>> printed) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                log.println(line);
                Matcher figure = FIGURE.matcher(line);
                if (figure.matches()) {
                    printed.computeIfAbsent(figure.group(1), name -> new ArrayList<>())
                            .add(new Result(Double.parseDouble(figure.group(2)), 0, figure.group(3)));
                }
            }
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(program.main.getSimpleName() + " failed; target/compare.log has its output");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The median of the rounds, and half of the distance from the lowest to the highest of them. */
    static Result median(List<Result> rounds) {
        double[] values = rounds.stream().mapToDouble(Result::value).sorted().toArray();
        int middle = values.length / 2;
        double median = values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        double spread = values[values.length - 1] - values[0];
        return new Result(median, spread / 2, rounds.get(0).unit());
    }

    private String database() throws IOException {
        String given = settings.postgres();
        if (given != null) {
            return given;
        }
        PostgresServer running = server;
        if (running == null) {
            running = PostgresServer.start();
            server = running;
        }
        return running.url();
    }
}

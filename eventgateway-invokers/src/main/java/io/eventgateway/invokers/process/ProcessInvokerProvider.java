package io.eventgateway.invokers.process;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs programs on this machine as functions: type {@code process}. Immutable and thread-safe.
 *
 * <p>Whoever registers such a function runs a program on this host. So the provider that {@link java.util.ServiceLoader} finds
 * refuses every function, and the application says what may run: {@code
 * EventGateway.builder().invoker(ProcessInvokerProvider.allowing(Path.of("/usr/local/bin/resize")))}. Allow programs of your own:
 * a shell or an interpreter runs whatever its arguments say.
 *
 * <p>Provider configuration: {@code command} (required: the program's absolute path and its arguments, read by no shell), {@code
 * mode} ({@code structured} or {@code data}), {@code output} ({@code auto}, {@code json}, {@code text} or {@code bytes}), {@code
 * environment}, {@code inheritEnvironment} (false), {@code directory}, {@code callTimeout} (ISO 8601), {@code maxOutputBytes} (1
 * MiB), {@code logErrors} (false).
 */
public final class ProcessInvokerProvider implements InvokerProvider {
    private static final int DEFAULT_PROCESSES = 16;
    private static final int MAX_PROCESSES = 1_000;

    private final Predicate<List<String>> allowed;
    private final Set<String> variables;
    private final boolean inherits;
    private final Set<Path> directories;
    private final ProcessThreads threads;

    /** Creates a provider that allows no program, and says so where a function is registered. */
    public ProcessInvokerProvider() {
        this(command -> false, Set.of(), false, Set.of(), DEFAULT_PROCESSES);
    }

    private ProcessInvokerProvider(
            Predicate<List<String>> allowed,
            Set<String> variables,
            boolean inherits,
            Set<Path> directories,
            int processes) {
        this.allowed = allowed;
        this.variables = variables;
        this.inherits = inherits;
        this.directories = directories;
        this.threads = new ProcessThreads(processes);
    }

    /**
     * Returns a provider that allows programs, each with any arguments.
     *
     * @param programs absolute paths, as the functions' commands have them
     * @throws IllegalArgumentException if a path is not absolute
     */
    public static ProcessInvokerProvider allowing(Path... programs) {
        for (Path program : programs) {
            if (!program.isAbsolute()) {
                throw new IllegalArgumentException(
                        "an allowed program must be an absolute path, was '" + program + "'");
            }
        }
        Set<String> names = Stream.of(programs).map(Path::toString).collect(Collectors.toUnmodifiableSet());
        return allowing(command -> names.contains(command.get(0)));
    }

    /**
     * Returns a provider that allows the commands that a predicate accepts.
     *
     * @param commands gets a program's absolute path and its arguments; called when a function is registered, by several threads
     *     at a time
     */
    public static ProcessInvokerProvider allowing(Predicate<List<String>> commands) {
        return new ProcessInvokerProvider(
                Objects.requireNonNull(commands, "commands"), Set.of(), false, Set.of(), DEFAULT_PROCESSES);
    }

    /**
     * Returns this provider with environment variables that functions may set for their programs; none unless said, since variables
     * such as {@code LD_PRELOAD} have a program run other code.
     */
    public ProcessInvokerProvider withEnvironment(String... names) {
        Set<String> all = new TreeSet<>(variables);
        all.addAll(List.of(names));
        return new ProcessInvokerProvider(allowed, Set.copyOf(all), inherits, directories, threads.processes());
    }

    /** Returns this provider with leave for functions to have their programs inherit all variables of this process, secrets included. */
    public ProcessInvokerProvider withInheritedEnvironment() {
        return new ProcessInvokerProvider(allowed, variables, true, directories, threads.processes());
    }

    /**
     * Returns this provider with directories that functions may have their programs run in; none unless said.
     *
     * @throws IllegalArgumentException if a path is not absolute
     */
    public ProcessInvokerProvider withDirectories(Path... paths) {
        for (Path path : paths) {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("an allowed directory must be an absolute path, was '" + path + "'");
            }
        }
        return new ProcessInvokerProvider(allowed, variables, inherits, Set.of(paths), threads.processes());
    }

    /**
     * Returns this provider with another number of processes that may run at a time, 1 to 1,000; 16 unless said. A call beyond it
     * waits, within its time.
     */
    public ProcessInvokerProvider withMaxProcesses(int processes) {
        if (processes < 1 || processes > MAX_PROCESSES) {
            throw new IllegalArgumentException(
                    "the number of processes must be 1 to " + MAX_PROCESSES + ", was " + processes);
        }
        return new ProcessInvokerProvider(allowed, variables, inherits, directories, processes);
    }

    @Override
    public String type() {
        return "process";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        ProcessConfiguration configuration = context.configuration(function, ProcessConfiguration.class);
        checkAllowed(function.functionId(), configuration);
        return new ProcessInvoker(function.functionId(), configuration, threads, context.jsonMapper());
    }

    private void checkAllowed(String functionId, ProcessConfiguration configuration) {
        if (!allowed.test(configuration.parts())) {
            throw refused(
                    functionId,
                    "'command' " + configuration + " is not allowed to run on this host",
                    "ProcessInvokerProvider.allowing(..)");
        }
        for (String variable : configuration.variables().keySet()) {
            if (!variables.contains(variable)) {
                throw refused(
                        functionId,
                        "'environment." + variable + "' is not allowed to be set",
                        "withEnvironment(\"" + variable + "\")");
            }
        }
        if (configuration.inherits() && !inherits) {
            throw refused(functionId, "'inheritEnvironment' is not allowed", "withInheritedEnvironment()");
        }
        String directory = configuration.directory();
        if (directory != null && !directories.contains(Path.of(directory))) {
            throw refused(functionId, "'directory' '" + directory + "' is not allowed", "withDirectories(..)");
        }
    }

    private static InvalidFunctionException refused(String functionId, String what, String permission) {
        return new InvalidFunctionException("function '" + functionId + "' of type process is refused: " + what
                + "; the application may allow it, by " + permission
                + " of the ProcessInvokerProvider that it gives to EventGateway.builder().invoker(..)");
    }
}

package io.eventgateway.invokers.process;

import io.eventgateway.InvocationException;
import io.eventgateway.spi.Secret;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@code process} function.
 *
 * @param command the program, by its absolute path, and its arguments; no shell reads them; required
 * @param mode what the program reads, {@code structured} unless said
 * @param output how what the program writes is read, {@code auto} unless said
 * @param environment the variables that the program gets; their values may refer to secrets
 * @param inheritEnvironment whether the program gets the variables of this process too; false unless said
 * @param directory the absolute path that the program runs in; this process's own unless said
 * @param callTimeout for the whole call, within the delivery's own timeout; the latter alone unless said
 * @param maxOutputBytes a longer output is a failure; 1 MiB unless said
 * @param logErrors whether the beginning of what a failed program wrote to its standard error is logged; false unless said
 */
record ProcessConfiguration(
        @Nullable List<@Nullable String> command,
        @Nullable Mode mode,
        @Nullable Output output,
        @Nullable Map<String, Secret> environment,
        @Nullable Boolean inheritEnvironment,
        @Nullable String directory,
        @Nullable Duration callTimeout,
        @Nullable Integer maxOutputBytes,
        @Nullable Boolean logErrors) {
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);
    private static final int DEFAULT_MAX_OUTPUT = 1024 * 1024;

    /** What the program reads from its standard input. */
    enum Mode {
        /** The whole event as JSON. */
        structured,
        /** The data alone. */
        data
    }

    /** How the standard output of the program is read. */
    enum Output {
        /** As JSON if it is JSON, else as text if it is UTF-8, else as bytes. */
        auto,
        /** As JSON; anything else is a failure. */
        json,
        /** As UTF-8 text. */
        text,
        /** As bytes. */
        bytes
    }

    ProcessConfiguration {
        if (command == null || command.isEmpty()) {
            throw new IllegalArgumentException(
                    "'command' must be a list of the program's absolute path and its arguments, was "
                            + (command == null ? "missing" : "empty"));
        }
        for (String part : command) {
            if (part == null || part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'command' must be a list of strings without NUL characters");
            }
        }
        if (!isAbsolute(command.get(0))) {
            throw new IllegalArgumentException(
                    "'command' must begin with the absolute path of a program, began with '" + command.get(0) + "'");
        }
        if (environment != null) {
            environment.forEach(ProcessConfiguration::checkVariable);
            environment = Map.copyOf(environment);
        }
        if (directory != null && !isAbsolute(directory)) {
            throw new IllegalArgumentException("'directory' must be an absolute path, was '" + directory + "'");
        }
        if (callTimeout != null
                && (callTimeout.isZero() || callTimeout.isNegative() || callTimeout.compareTo(MAX_TIMEOUT) > 0)) {
            throw new IllegalArgumentException(
                    "'callTimeout' must be more than zero and at most " + MAX_TIMEOUT + ", was " + callTimeout);
        }
        if (maxOutputBytes != null && maxOutputBytes < 1) {
            throw new IllegalArgumentException("'maxOutputBytes' must be at least 1, was " + maxOutputBytes);
        }
    }

    private static void checkVariable(String name, @Nullable Secret value) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(
                    "'environment' must have names of letters, digits and underscores, had '" + name + "'");
        }
        if (value == null) {
            throw new IllegalArgumentException("'environment." + name + "' must be a string, was null");
        }
        if (!value.isReference() && value.value().indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'environment." + name + "' must be a string without NUL characters");
        }
    }

    private static boolean isAbsolute(@Nullable String path) {
        try {
            return path != null && Path.of(path).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    List<String> parts() {
        return command == null
                ? List.of()
                : command.stream().map(String::valueOf).toList();
    }

    Mode sentAs() {
        return mode == null ? Mode.structured : mode;
    }

    Output readAs() {
        return output == null ? Output.auto : output;
    }

    Map<String, Secret> variables() {
        return environment == null ? Map.of() : environment;
    }

    /**
     * Returns the variables with their values as they are now.
     *
     * @throws InvocationException {@code CALL_FAILED} if a secret can't be read, or has a NUL character, which no variable can have
     */
    Map<String, String> resolvedVariables(String functionId) {
        Map<String, String> resolved = new TreeMap<>();
        variables().forEach((name, secret) -> {
            String value = secret.value();
            if (value.indexOf('\0') >= 0) {
                throw new InvocationException(
                        InvocationException.Kind.CALL_FAILED,
                        true,
                        "function '" + functionId + "' can't be called: 'environment." + name
                                + "' must have no NUL character, and its secret has one now");
            }
            resolved.put(name, value);
        });
        return resolved;
    }

    boolean inherits() {
        return Boolean.TRUE.equals(inheritEnvironment);
    }

    int largestOutput() {
        return maxOutputBytes == null ? DEFAULT_MAX_OUTPUT : maxOutputBytes;
    }

    boolean logsErrors() {
        return Boolean.TRUE.equals(logErrors);
    }

    /** Names the program, and neither its arguments nor its environment. */
    @Override
    public String toString() {
        return parts().get(0);
    }
}

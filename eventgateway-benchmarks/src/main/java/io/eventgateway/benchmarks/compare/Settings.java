package io.eventgateway.benchmarks.compare;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What one call of the command shall do.
 *
 * @param effort how much is measured
 * @param only which rows, by their ids
 * @param list whether the rows are only named, with the time that each takes
 * @param from a saved run that is shown instead of measuring; null to measure
 * @param before a saved run that this one is compared with; null for none
 * @param save where the run is saved; null for the build directory
 * @param page where the page goes; null for the documentation, which only a whole run of full effort is written to
 * @param postgres the JDBC URL of an empty PostgreSQL database; null to start a server
 * @param root the repository
 * @param commit what was measured
 */
record Settings(
        Effort effort,
        Pattern only,
        boolean list,
        @Nullable Path from,
        @Nullable Path before,
        @Nullable Path save,
        @Nullable Path page,
        @Nullable String postgres,
        Path root,
        String commit) {
    /** How much is measured. */
    enum Effort {
        /** Two forks of every benchmark, with all of its iterations. */
        FULL(2),
        /** One fork, half of the iterations. */
        QUICK(1),
        /** One fork and one short iteration, which shows only that a benchmark runs. */
        SMOKE(1);

        private final int rounds;

        Effort(int rounds) {
            this.rounds = rounds;
        }

        /** Returns how often every contender is measured, each time in a process of its own. */
        int rounds() {
            return rounds;
        }
    }

    static final String USAGE = """
            compare [options]
              --only REGEX      only rows whose id has a match, such as 'dispatch' or 'dispatch.100'
              --list            name the rows, and how long each takes, and measure nothing
              --quick           one fork and half of the iterations: for a first look, not for a figure to write down
              --smoke           one short iteration: whether everything runs, its figures mean nothing
              --save FILE       save the results as JSON (eventgateway-benchmarks/target/compare.json unless said)
              --before FILE     compare with results that were saved, and flag what is more than 10 % worse
              --from FILE       show results that were saved instead of measuring
              --page FILE       write the page there (docs/benchmarks.md after a whole run with neither --quick nor --smoke)
              --postgres URL    an empty database for the durable rows (otherwise an installed PostgreSQL is started)
              --no-build        measure target/benchmarks.jar as it is
            """;

    /** Reads the options. Throws an IllegalArgumentException that names what was not understood. */
    static Settings parse(String... arguments) {
        Effort effort = Effort.FULL;
        Pattern only = Pattern.compile("");
        boolean list = false;
        Path from = null;
        Path before = null;
        Path save = null;
        Path page = null;
        String postgres = null;
        Path root = Path.of("");
        String commit = "unknown";
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> effort = Effort.QUICK;
                case "--smoke" -> effort = Effort.SMOKE;
                case "--list" -> list = true;
                case "--only" -> only = pattern(value(arguments, ++i));
                case "--from" -> from = Path.of(value(arguments, ++i));
                case "--before" -> before = Path.of(value(arguments, ++i));
                case "--save" -> save = Path.of(value(arguments, ++i));
                case "--page" -> page = Path.of(value(arguments, ++i));
                case "--postgres" -> postgres = value(arguments, ++i);
                case "--root" -> root = Path.of(value(arguments, ++i));
                case "--commit" -> commit = value(arguments, ++i);
                case "--help" -> throw new IllegalArgumentException(USAGE);
                default -> throw new IllegalArgumentException("unknown option '" + arguments[i] + "'\n" + USAGE);
            }
        }
        return new Settings(effort, only, list, from, before, save, page, postgres, root, commit);
    }

    private static String value(String[] arguments, int i) {
        if (i == arguments.length) {
            throw new IllegalArgumentException("option '" + arguments[i - 1] + "' needs a value\n" + USAGE);
        }
        return arguments[i];
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("option '--only' needs a regular expression: " + e.getMessage(), e);
        }
    }

    /** Returns whether every row is measured. */
    boolean whole() {
        return only.pattern().isEmpty();
    }
}

package io.eventgateway.benchmarks.startup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints how long {@link FirstDelivery} and {@link EmptyMain} take, each in JVMs of its own that take turns. Arguments: how many runs,
 * the class path.
 */
public final class StartUp {
    private StartUp() {}

    /** Runs both. */
    public static void main(String[] arguments) throws Exception {
        int runs = Integer.parseInt(arguments[0]);
        List<Class<?>> programs = List.of(EmptyMain.class, FirstDelivery.class);
        List<List<Double>> millis = List.of(new ArrayList<>(), new ArrayList<>());
        for (int run = 0; run < runs; run++) {
            for (int i = 0; i < programs.size(); i++) {
                millis.get(i).add(run(arguments[1], programs.get(i)));
            }
        }
        for (int i = 0; i < programs.size(); i++) {
            List<Double> sorted = millis.get(i).stream().sorted().toList();
            System.out.printf(
                    Locale.ROOT,
                    "%-14s median %.0f ms, %.0f to %.0f, of %d runs%n",
                    programs.get(i).getSimpleName(),
                    sorted.get(runs / 2),
                    sorted.get(0),
                    sorted.get(runs - 1),
                    runs);
        }
    }

    private static double run(String classPath, Class<?> program) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        long begun = System.nanoTime();
        int exit = new ProcessBuilder(java, "-cp", classPath, program.getName())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException(program.getName() + " ended with " + exit);
        }
        return (System.nanoTime() - begun) / 1e6;
    }
}

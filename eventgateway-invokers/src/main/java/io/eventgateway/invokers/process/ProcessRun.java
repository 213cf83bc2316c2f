package io.eventgateway.invokers.process;

import io.eventgateway.InvocationResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One run of a program. The thread that runs it owns the process: it starts it, reads it and ends it, whatever happens.
 *
 * <p>The thread never blocks in a read: a child that the program leaves behind may hold the pipe open for ever, and nothing would
 * wake the thread. It looks for output at short intervals instead, and at once when the program ends.
 */
final class ProcessRun implements Runnable {
    /** An input of this length fits into any system's pipe, so that to write it can't block. */
    private static final int FITS_PIPE = 4096;

    private static final long LONGEST_PAUSE_MILLIS = 16;

    private final ProcessConfiguration configuration;
    private final ProcessAnswers answers;
    private final ProcessThreads threads;
    private final Supplier<Map<String, String>> secrets;
    private final byte[] input;
    private final long deadline;
    private volatile boolean hasBegun;
    private final CompletableFuture<InvocationResult> result = new CompletableFuture<>();

    ProcessRun(
            ProcessConfiguration configuration,
            ProcessAnswers answers,
            ProcessThreads threads,
            Supplier<Map<String, String>> secrets,
            byte[] input,
            Duration within) {
        this.configuration = configuration;
        this.answers = answers;
        this.threads = threads;
        this.secrets = secrets;
        this.input = input;
        this.deadline = System.nanoTime() + within.toNanos();
        limitWait(within);
    }

    /** Ends the result in time while the program has not begun: it waits for others, or a secret's source does not answer. */
    private void limitWait(Duration within) {
        CompletableFuture<Void> time =
                new CompletableFuture<Void>().completeOnTimeout(null, within.toNanos(), TimeUnit.NANOSECONDS);
        time.thenRun(() -> {
            if (!hasBegun) {
                result.completeExceptionally(answers.tooLate());
            }
        });
        result.whenComplete((value, failure) -> time.cancel(false));
    }

    /** The outcome. Whoever ends it before the program has ended, ends the program. */
    CompletableFuture<InvocationResult> result() {
        return result;
    }

    @Override
    public void run() {
        if (result.isDone()) {
            return;
        }
        if (isTooLate()) {
            result.completeExceptionally(answers.tooLate());
            return;
        }
        Map<String, String> variables;
        try {
            variables = secrets.get();
        } catch (Throwable e) { // an Error too, or nobody would end the result before the deadline
            result.completeExceptionally(e);
            return;
        }
        if (result.isDone()) {
            return;
        }
        Process process;
        hasBegun = true;
        try {
            process = started(variables);
        } catch (IOException | RuntimeException e) {
            result.completeExceptionally(answers.notStarted(e));
            return;
        }
        try {
            write(process.getOutputStream());
            follow(process, variables);
        } catch (IOException | RuntimeException e) {
            ProcessTree.end(process);
            result.completeExceptionally(answers.broken(e));
        } catch (InterruptedException e) {
            result.completeExceptionally(answers.broken(e)); // nobody interrupts this thread but to end it
            Thread.currentThread().interrupt();
        } finally {
            ProcessTree.end(process);
        }
    }

    private Process started(Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(configuration.parts());
        if (!configuration.inherits()) {
            builder.environment().clear();
        }
        builder.environment().putAll(variables);
        String directory = configuration.directory();
        if (directory != null) {
            builder.directory(Path.of(directory).toFile());
        }
        if (!configuration.logsErrors()) {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        return builder.start();
    }

    private void write(OutputStream stream) {
        Runnable write = () -> {
            try (stream) {
                stream.write(input);
            } catch (IOException e) {
                // the program does not read all of its input, which is its own affair
            }
        };
        if (input.length <= FITS_PIPE) {
            write.run();
        } else {
            threads.write(write);
        }
    }

    private void follow(Process process, Map<String, String> variables) throws IOException, InterruptedException {
        Captured output = new Captured(process.getInputStream(), configuration.largestOutput());
        Captured errors = new Captured(process.getErrorStream(), ProcessAnswers.LONGEST_ERRORS);
        long pause = 1;
        while (!result.isDone()) {
            boolean ended = !process.isAlive(); // asked before reading, so that what it wrote last is read
            boolean wrote = output.read();
            boolean complained = errors.read();
            boolean progress = wrote || complained;
            if (output.isTooLong()) {
                ProcessTree.end(process);
                result.completeExceptionally(answers.tooLong());
            } else if (ended && !progress) {
                answers.complete(result, process.exitValue(), output.bytes(), errors.bytes(), variables.values());
            } else if (isTooLate()) {
                ProcessTree.askToEnd(process);
                result.completeExceptionally(answers.tooLate());
            } else if (!progress) {
                process.waitFor(pause, TimeUnit.MILLISECONDS);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            } else {
                pause = 1;
            }
        }
    }

    private boolean isTooLate() {
        return System.nanoTime() - deadline >= 0;
    }
}

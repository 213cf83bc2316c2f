package io.eventgateway.jdbc.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The file that a process writes down in what it accepted, began and ended, line by line: what is written to a file survives the
 * process. Thread-safe.
 */
final class Journal {
    private static final String SUFFIX = ".journal";

    /** What a line says. */
    enum Kind {
        /** {@code emit} returned, or the application's transaction was committed. */
        ACCEPTED,
        /** The application's transaction was rolled back. */
        ROLLED_BACK,
        /** A function was called. */
        BEGIN,
        /** The function returned. */
        OK,
        /** The function threw. */
        FAILED,
        /** The emission's {@code completion()} said that all deliveries were made. */
        COMPLETED,
        /** The {@code completion()} of an emission had not ended when the process was about to end. */
        HANGING,
        /** The test killed the process. */
        KILLED,
        /** The test stopped the process. */
        STOPPED,
        /** The test resumed the process. */
        RESUMED
    }

    /**
     * A line.
     *
     * @param nanos when, by the machine's monotonic clock, which all processes share
     * @param function the function that the line is about; {@code -} for none
     * @param id the event's id; {@code -} for none
     * @param subject the event's subject; {@code -} for none
     * @param notBefore when the delivery may begin, on the monotonic clock; 0 for at once
     */
    record Line(
            Kind kind,
            long nanos,
            String worker,
            String function,
            String id,
            String subject,
            long number,
            long notBefore) {
        static Line parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Line(
                    Kind.valueOf(parts[0]),
                    Long.parseLong(parts[1]),
                    parts[2],
                    parts[3],
                    parts[4],
                    parts[5],
                    Long.parseLong(parts[6]),
                    Long.parseLong(parts[7]));
        }

        /** The delivery that the line is about. */
        String delivery() {
            return function + " " + id;
        }

        /** The events that are in order: those of a function, a key and an emitting thread. */
        String queue() {
            return function + " " + subject + " " + id.substring(0, id.lastIndexOf('.'));
        }
    }

    private final String worker;
    private final FileChannel file;

    Journal(Path directory, String worker) {
        this.worker = worker;
        try {
            this.file = FileChannel.open(
                    directory.resolve(worker + SUFFIX), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String worker() {
        return worker;
    }

    void write(Kind kind, String function, String id, String subject, Workload.Payload payload) {
        write(kind, worker, function, id, subject, payload.number(), payload.notBefore());
    }

    /** Writes what happened to a process. */
    void write(Kind kind, String process) {
        write(kind, process, "-", "-", "-", 0, 0);
    }

    private void write(
            Kind kind, String process, String function, String id, String subject, long number, long notBefore) {
        String line = kind + " " + System.nanoTime() + " " + process + " " + function + " " + id + " " + subject + " "
                + number + " " + notBefore + "\n";
        try {
            file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All lines of all processes, without the last ones that a kill has cut off. */
    static List<Line> readAll(Path directory) {
        List<Line> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                String text = Files.readString(file);
                text.substring(0, text.lastIndexOf('\n') + 1)
                        .lines()
                        .map(Line::parse)
                        .forEach(all::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** How many events a process has accepted so far. */
    static long accepted(Path directory, String worker) {
        Path file = directory.resolve(worker + SUFFIX);
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(Kind.ACCEPTED + " ")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

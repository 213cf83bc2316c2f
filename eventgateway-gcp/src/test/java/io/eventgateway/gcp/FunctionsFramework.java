package io.eventgateway.gcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A function of this module's {@code functions} folder on loopback, run by npm's @google-cloud/functions-framework. */
final class FunctionsFramework implements AutoCloseable {
    private static final Path FOLDER = Path.of("functions");
    private static final Path MAIN =
            Path.of("node_modules", "@google-cloud", "functions-framework", "build", "src", "main.js");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final int port;
    private final Path log;

    private FunctionsFramework(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    static FunctionsFramework start(String function) throws IOException, InterruptedException {
        if (!Files.exists(FOLDER.resolve(MAIN))) {
            install();
        }
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path log = Files.createTempFile("eventgateway-functions", ".log");
        FunctionsFramework framework = new FunctionsFramework(
                begin(log, "node", MAIN.toString(), "--target=" + function, "--port=" + port), port, log);
        framework.awaitReady();
        return framework;
    }

    private static void install() throws IOException, InterruptedException {
        Path log = Files.createTempFile("eventgateway-npm", ".log");
        Process npm = begin(log, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        if (!npm.waitFor(5, TimeUnit.MINUTES)) {
            npm.destroyForcibly();
            throw new IOException("npm ci did not end within 5 minutes");
        }
        if (npm.exitValue() != 0) {
            throw new IOException("npm ci failed with " + npm.exitValue() + ":\n" + Files.readString(log));
        }
        Files.delete(log);
    }

    private static Process begin(Path log, String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    command[0] + " is not on the PATH; the profile 'servers' needs Node.js 18 or later, with npm", e);
        }
    }

    private void awaitReady() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                String output = Files.readString(log);
                close();
                throw new IOException("the functions framework did not start:\n" + output);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String url() {
        return "http://localhost:" + port + "/";
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        Files.deleteIfExists(log);
    }
}

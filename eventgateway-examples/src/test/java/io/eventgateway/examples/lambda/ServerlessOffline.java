package io.eventgateway.examples.lambda;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** AWS's Invoke API on loopback, served by npm's serverless-offline for the functions in this module's {@code lambda} folder. */
final class ServerlessOffline implements AutoCloseable {
    private static final Path FOLDER = Path.of("lambda");

    private final Process process;
    private final int port;

    private ServerlessOffline(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static ServerlessOffline start() throws IOException, InterruptedException {
        if (!Files.isDirectory(FOLDER.resolve("node_modules/serverless-offline"))) {
            run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        }
        int port = freePort();
        int httpPort = freePort();
        Process process = builder(
                        "node",
                        "node_modules/serverless/bin/serverless.js",
                        "offline",
                        "--host",
                        "127.0.0.1",
                        "--httpPort",
                        String.valueOf(httpPort),
                        "--lambdaPort",
                        String.valueOf(port))
                .start();
        ServerlessOffline server = new ServerlessOffline(process, port);
        server.awaitReady();
        return server;
    }

    private void awaitReady() throws IOException {
        List<String> output = new ArrayList<>();
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    synchronized (output) {
                        output.add(line);
                    }
                    if (line.contains("Server ready") || line.contains("listening on")) {
                        ready.complete(true);
                    }
                }
            } catch (IOException e) {
                ready.completeExceptionally(e);
            }
            ready.complete(false);
        });
        reader.setDaemon(true);
        reader.start();
        boolean isReady = ready.completeOnTimeout(false, 90, TimeUnit.SECONDS).join();
        if (!isReady) {
            close();
            synchronized (output) {
                throw new IOException("serverless-offline did not start:\n" + String.join("\n", output));
            }
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("eventgateway-npm", ".log");
        Process process = builder(command).redirectOutput(log.toFile()).start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " did not end within 5 minutes");
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    String.join(" ", command) + " failed with " + process.exitValue() + ":\n" + Files.readString(log));
        }
        Files.delete(log);
    }

    private static ProcessBuilder builder(String... command) throws IOException {
        requireOnPath("node", "nodejs");
        requireOnPath("npm", "npm");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true);
        builder.environment().put("NODE_OPTIONS", "--no-experimental-require-module");
        builder.environment().put("SLS_TELEMETRY_DISABLED", "1");
        builder.environment().put("SLS_NOTIFICATIONS_MODE", "off");
        builder.environment().put("AWS_ACCESS_KEY_ID", "local");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "local");
        return builder;
    }

    private static void requireOnPath(String command, String debianPackage) throws IOException {
        try {
            new ProcessBuilder(command, "--version").start().destroy();
        } catch (IOException e) {
            throw new IOException(
                    command
                            + " is not on the PATH; the profile 'servers' needs it (Node.js 18 or later): install the Debian"
                            + " package " + debianPackage,
                    e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}

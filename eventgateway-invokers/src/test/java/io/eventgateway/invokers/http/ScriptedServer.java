package io.eventgateway.invokers.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers the requests of each connection by texts, one after the other, and closes the connection after the last. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger requests = new AtomicInteger();
    private final String[] answers;

    ScriptedServer(String... answers) throws IOException {
        this.answers = answers;
        Thread thread = new Thread(this::serve, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try {
            while (true) {
                try (Socket connection = socket.accept()) {
                    answer(connection);
                }
            }
        } catch (IOException e) {
            // it is closed
        }
    }

    private void answer(Socket connection) throws IOException {
        for (String answer : answers) {
            if (!readRequest(connection.getInputStream())) {
                return;
            }
            requests.incrementAndGet();
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static boolean readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        int length = Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        return in.readNBytes(length).length == length;
    }

    int requests() {
        return requests.get();
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

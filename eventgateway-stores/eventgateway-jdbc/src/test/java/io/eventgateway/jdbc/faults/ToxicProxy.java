package io.eventgateway.jdbc.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy on loopback before a database server, which does to its connections what a bad network does. {@link #poison} and {@link
 * #heal} are for one test thread; what they set is seen by all connections.
 */
final class ToxicProxy implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;
    private static final int SLOW_BYTES = 512;
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** How long the server has for what it was sent last before its connection is cut. */
    private static final long TO_REACH_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    /** What is wrong with the network. */
    enum Toxic {
        NONE,
        /** Each packet comes some milliseconds late. */
        DELAY,
        /** Packets come in small pieces. */
        SLOW,
        /** Some requests, and every fourth commit, reach the server, and their answers are lost with the connection. */
        LOST_ANSWERS,
        /** Nothing comes through, and nobody is told. */
        SILENCE,
        /** Connections are cut, and new ones as well. */
        CUT
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicLong cuts = new AtomicLong();
    private volatile Toxic toxic = Toxic.NONE;
    private volatile boolean closed;

    ToxicProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** A proxy before the server of a URL. */
    static ToxicProxy before(String url) {
        return new ToxicProxy(portOf(url));
    }

    private static int portOf(String url) {
        String rest = url.substring(url.indexOf("127.0.0.1:") + "127.0.0.1:".length());
        return Integer.parseInt(rest.substring(0, rest.indexOf('/')));
    }

    /** The same database by way of the proxy. */
    String url(String url) {
        return url.replace("127.0.0.1:" + serverPort + "/", "127.0.0.1:" + listener.getLocalPort() + "/");
    }

    void poison(Toxic kind) {
        toxic = kind;
        if (kind == Toxic.CUT) {
            links.forEach(Link::cut);
        }
    }

    /** Ends what is wrong. Connections that were silent stay so, as after a firewall has forgotten them, until they are cut. */
    void heal() {
        toxic = Toxic.NONE;
    }

    /** How many connections were cut. */
    long cuts() {
        return cuts.get();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "toxic-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                if (toxic == Toxic.CUT) {
                    client.close();
                    continue;
                }
                Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), serverPort));
                links.add(link);
                daemon(() -> link.pump(client, link.server, true));
                daemon(() -> link.pump(link.server, client, false));
            } catch (IOException e) {
                // the proxy is closed, or the server is away: the client finds out
            }
        }
    }

    /** A connection of a client to the server. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean answersAreLost;
        private volatile boolean silent;

        Link(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void pump(Socket from, Socket to, boolean isRequest) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    pass(buffer, length, out, isRequest);
                }
            } catch (IOException e) {
                // one side has gone, so the other goes
            }
            cut();
        }

        private void pass(byte[] buffer, int length, OutputStream out, boolean isRequest) throws IOException {
            Toxic now = toxic;
            if (now == Toxic.SILENCE) {
                silent = true;
            }
            if (silent || (answersAreLost && !isRequest)) {
                return; // the bytes are lost, and the connection stays as it is
            }
            if (now == Toxic.LOST_ANSWERS && isRequest && isUnlucky(buffer, length)) {
                answersAreLost = true;
                out.write(buffer, 0, length);
                out.flush();
                LockSupport.parkNanos(TO_REACH_NANOS);
                cut();
                return;
            }
            if (now == Toxic.DELAY) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LOOK_NANOS));
            }
            if (now == Toxic.SLOW) {
                for (int at = 0; at < length; at += SLOW_BYTES) {
                    out.write(buffer, at, Math.min(SLOW_BYTES, length - at));
                    out.flush();
                    LockSupport.parkNanos(SLOW_NANOS);
                }
                return;
            }
            out.write(buffer, 0, length);
            out.flush();
        }

        private boolean isUnlucky(byte[] buffer, int length) {
            boolean commits = new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT");
            return ThreadLocalRandom.current().nextInt(commits ? 4 : 100) == 0;
        }

        void cut() {
            if (links.remove(this)) {
                cuts.incrementAndGet();
            }
            closeQuietly(client);
            closeQuietly(server);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed as far as it can be
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        links.forEach(Link::cut);
    }

    /** Does nothing for a time. */
    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}

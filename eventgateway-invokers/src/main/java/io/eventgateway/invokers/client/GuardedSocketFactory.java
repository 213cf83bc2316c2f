package io.eventgateway.invokers.client;

import io.eventgateway.http.NetworkPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets that connect to no address which a policy refuses. The address is checked when the connection is made: after names are
 * resolved, so that none can change its mind, and for addresses that stand in URLs, which are not resolved.
 *
 * <p>Factories with the same policies are equal, so that OkHttp shares the connections of clients that have them.
 */
final class GuardedSocketFactory extends SocketFactory {
    private final List<NetworkPolicy> policies;

    GuardedSocketFactory(List<NetworkPolicy> policies) {
        this.policies = List.copyOf(policies);
    }

    private static final class GuardedSocket extends Socket {
        private final List<NetworkPolicy> policies;

        GuardedSocket(List<NetworkPolicy> policies) {
            super(Proxy.NO_PROXY); // a SOCKS proxy of the JVM would resolve and connect unseen
            this.policies = policies;
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            InetAddress address = endpoint instanceof InetSocketAddress internet ? internet.getAddress() : null;
            if (address == null) {
                throw new RefusedAddressException("an address that is not resolved is not allowed");
            }
            for (NetworkPolicy policy : policies) {
                String refusal = policy.refusal(address);
                if (refusal != null) {
                    throw new RefusedAddressException(refusal);
                }
            }
            super.connect(endpoint, timeout);
        }
    }

    @Override
    public Socket createSocket() {
        return new GuardedSocket(policies);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    private Socket connected(InetSocketAddress endpoint, @Nullable InetSocketAddress local) throws IOException {
        Socket socket = createSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(endpoint);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GuardedSocketFactory that && policies.equals(that.policies);
    }

    @Override
    public int hashCode() {
        return policies.hashCode();
    }
}

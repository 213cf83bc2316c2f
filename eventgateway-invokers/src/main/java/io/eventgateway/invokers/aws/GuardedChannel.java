package io.eventgateway.invokers.aws;

import io.eventgateway.http.NetworkPolicy;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection that is made only to an address that a network policy allows: after the name is resolved, and before anything is sent. */
final class GuardedChannel extends NioSocketChannel {
    /** A connection that the policy refuses. Its message says why. */
    static final class Refused extends ConnectException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    private final NetworkPolicy network;

    GuardedChannel(NetworkPolicy network) {
        this.network = network;
    }

    @Override
    protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) throws Exception {
        InetAddress address = remote instanceof InetSocketAddress at ? at.getAddress() : null;
        String refusal = address == null ? "the address is not known" : network.refusal(address);
        if (refusal != null) {
            throw new Refused(refusal);
        }
        return super.doConnect(remote, local);
    }
}

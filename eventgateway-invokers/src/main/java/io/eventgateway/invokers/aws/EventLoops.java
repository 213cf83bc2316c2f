package io.eventgateway.invokers.aws;

import io.eventgateway.http.NetworkPolicy;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/**
 * The threads that carry the calls of all clients, from the first client to the last. A client that has threads of its own waits for them for
 * two seconds when it is closed, which would hold whoever deletes a function, or makes its last call. Thread-safe: its lock guards the fields.
 */
final class EventLoops {
    static final EventLoops SHARED = new EventLoops();

    /** As the SDK has it: what closed connections leave to do is done meanwhile. Nobody waits for it. */
    private static final int QUIET_SECONDS = 2;

    private static final int LONGEST_END_SECONDS = 15;

    private @Nullable SdkEventLoopGroup group;
    private int users;

    private EventLoops() {}

    /** The threads, with channels that obey the policy; given back by {@link #release}. */
    synchronized SdkEventLoopGroup acquire(NetworkPolicy network) {
        SdkEventLoopGroup running = group;
        if (running == null) {
            running = SdkEventLoopGroup.builder().build();
            group = running;
        }
        users++;
        return network.isAnywhere()
                ? running
                : SdkEventLoopGroup.create(running.eventLoopGroup(), () -> new GuardedChannel(network));
    }

    /** Gives the threads back, which end soon after their last user is gone. */
    synchronized void release() {
        SdkEventLoopGroup running = group;
        if (--users == 0 && running != null) {
            group = null;
            Object unused =
                    running.eventLoopGroup().shutdownGracefully(QUIET_SECONDS, LONGEST_END_SECONDS, TimeUnit.SECONDS);
        }
    }
}

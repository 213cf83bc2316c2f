package io.eventgateway.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What ran in the process before a benchmark's first call.
 *
 * <p>HotSpot compiles a call site for the classes that it has seen there. A benchmark alone in its process shows one handler class
 * to each of them, so every call is inlined, which no application gets. A benchmark whose set-up takes this state as a parameter
 * is measured after an application's mix of uses, of the gateway and of every peer.
 */
@State(Scope.Benchmark)
public class Application {
    /** What the process has run before. */
    public enum Profile {
        /** Nothing: every call site has seen what the benchmark shows it. */
        CLEAN,
        /** The gateway and its peers, with several classes of handlers and events each. */
        POLLUTED
    }

    /** The profile; the clean one is measured where it is asked for. */
    @Param("POLLUTED")
    public Profile profile;

    /** Uses the gateway and its peers as an application does, and ends them. */
    @Setup(Level.Trial)
    public void use(Blackhole blackhole) throws Exception {
        if (profile == Profile.POLLUTED) {
            GatewayUse.run(blackhole);
            PeerUse.run(blackhole);
        }
    }

    /** Returns how many different classes the handlers of a benchmark have. */
    int handlerClasses() {
        return profile == Profile.CLEAN ? 1 : Handlers.CLASSES;
    }
}

package io.eventgateway.simulation;

import io.eventgateway.EventGateway;

/** A gateway with the process that it lives in. */
final class Node {
    final Host process;
    final EventGateway gateway;
    boolean closing;
    boolean closed;
    /** How many threads are in the middle of an emission here. */
    int emitting;

    Node(Host process, EventGateway gateway) {
        this.process = process;
        this.gateway = gateway;
    }

    /** Whether nothing runs there any more. */
    boolean isDead() {
        return closed || process.isCrashed();
    }

    /** Whether events can be emitted there. */
    boolean isOpen() {
        return !closing && !process.isCrashed();
    }

    @Override
    public String toString() {
        return process.toString();
    }
}

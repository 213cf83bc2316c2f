package io.eventgateway;

/**
 * How full the backlog is, at the moment it was asked.
 *
 * @param bound how many accepted deliveries may be unfinished at once
 * @param pending how many are
 * @param dropped how many deliveries {@link BacklogPolicy#DROP} has dropped since the gateway was built
 */
public record BacklogStatus(int bound, int pending, long dropped) {}

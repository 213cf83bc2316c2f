package io.eventgateway.delivery;

/**
 * How full the backlog is, at the moment it was asked.
 *
 * @param bound how many accepted deliveries may be unfinished at once
 * @param pending how many are
 * @param dropped how many deliveries {@link BacklogPolicy#DROP} and {@link
 *     BacklogPolicy#DROP_OLDEST} have dropped since the gateway was built
 * @param bytesBound how many bytes the data of unfinished events may take
 * @param bytes how many it takes; data that is an object takes none until somebody needs its bytes
 */
public record BacklogStatus(int bound, int pending, long dropped, long bytesBound, long bytes) {}

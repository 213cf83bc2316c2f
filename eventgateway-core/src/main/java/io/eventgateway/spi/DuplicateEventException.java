package io.eventgateway.spi;

import io.eventgateway.EventGatewayException;
import java.util.List;

/**
 * A store has kept none of the events of an append, because some of them {@linkplain EventStore.Once must not be there twice} and are
 * there already.
 */
public final class DuplicateEventException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    private final int[] duplicates;

    /**
     * Creates the exception.
     *
     * @param duplicates the places of the duplicates in the list of events, from 0, in ascending order; at least one
     */
    public DuplicateEventException(List<Integer> duplicates) {
        super("of the events to be kept, those at the places " + duplicates
                + " were accepted before, within their de-duplication windows; none was kept");
        if (duplicates.isEmpty()) {
            throw new IllegalArgumentException("duplicates must have at least one place, was empty");
        }
        this.duplicates = duplicates.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the places of the duplicates in the list of events, from 0, in ascending order. */
    public int[] duplicates() {
        return duplicates.clone();
    }
}

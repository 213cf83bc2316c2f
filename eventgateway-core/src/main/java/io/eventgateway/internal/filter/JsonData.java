package io.eventgateway.internal.filter;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/** The data of an event, as far as it is JSON. */
public interface JsonData {
    /** Returns whether it is a tree, or JSON by its content type. */
    boolean isJson();

    /**
     * A parser at the beginning of JSON text that is read for the first time, for whoever needs little of it; null for data of another
     * form, for text that can't be read, and for text that is read again, which is cheaper as a {@link #tree}.
     */
    @Nullable JsonParser parser();

    /** The data as a tree with exact numbers, made once; null when it is empty, not JSON, or can't be read. */
    @Nullable JsonNode tree();

    /** Why data that should be JSON can't be read; null when it can, or is not to be JSON. */
    @Nullable String problem();
}

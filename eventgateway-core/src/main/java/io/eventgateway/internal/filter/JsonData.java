package io.eventgateway.internal.filter;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/** The data of an event, as far as it is JSON. */
public interface JsonData {
    /** A parser at the beginning of data that is JSON text; null for data of another form. */
    @Nullable JsonParser parser();

    /** The data as a tree with exact numbers; null when it is not JSON. */
    @Nullable JsonNode exactTree();
}

package io.eventgateway.examples.docs;

/** The data of the events in the snippets. */
record Order(String id, String customer, int total) {}

package io.eventgateway.conformance;

/**
 * What the library made of a case.
 *
 * @param of the case
 * @param ours a verdict as the suites have them, or a payload
 * @param passed whether that is what the case expects
 */
record Decision(Case of, String ours, boolean passed) {}

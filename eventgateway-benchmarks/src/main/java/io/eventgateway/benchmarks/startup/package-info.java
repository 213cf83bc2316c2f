/** How long an application with a gateway takes to start. */
@NullMarked
package io.eventgateway.benchmarks.startup;

import org.jspecify.annotations.NullMarked;

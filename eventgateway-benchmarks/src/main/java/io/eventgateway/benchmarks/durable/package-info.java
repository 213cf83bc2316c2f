/** What is delivered from a database, beside libraries that do so too. */
@NullMarked
package io.eventgateway.benchmarks.durable;

import org.jspecify.annotations.NullMarked;

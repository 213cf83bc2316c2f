/** Events whose types have schemas, side by side with the validator alone. */
package io.eventgateway.benchmarks.schema;

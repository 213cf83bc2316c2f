/** Streams of Amazon Data Firehose. */
@NullMarked
package io.eventgateway.aws.firehose;

import org.jspecify.annotations.NullMarked;

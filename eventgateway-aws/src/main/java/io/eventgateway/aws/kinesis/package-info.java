/** Streams of Amazon Kinesis Data Streams. */
@NullMarked
package io.eventgateway.aws.kinesis;

import org.jspecify.annotations.NullMarked;

/** Queues of Amazon SQS. */
@NullMarked
package io.eventgateway.aws.sqs;

import org.jspecify.annotations.NullMarked;

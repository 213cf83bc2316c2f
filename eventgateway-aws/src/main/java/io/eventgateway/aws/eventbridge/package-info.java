/** Event buses of Amazon EventBridge. */
@NullMarked
package io.eventgateway.aws.eventbridge;

import org.jspecify.annotations.NullMarked;

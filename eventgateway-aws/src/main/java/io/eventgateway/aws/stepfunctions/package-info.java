/** State machines of AWS Step Functions. */
@NullMarked
package io.eventgateway.aws.stepfunctions;

import org.jspecify.annotations.NullMarked;

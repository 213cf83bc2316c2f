/** Topics of Amazon SNS. */
@NullMarked
package io.eventgateway.aws.sns;

import org.jspecify.annotations.NullMarked;

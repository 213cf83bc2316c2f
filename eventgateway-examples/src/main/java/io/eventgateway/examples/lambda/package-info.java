/** Functions on AWS Lambda. */
@NullMarked
package io.eventgateway.examples.lambda;

import org.jspecify.annotations.NullMarked;

/** Functions on AWS Lambda. */
@NullMarked
package io.eventgateway.invokers.lambda;

import org.jspecify.annotations.NullMarked;

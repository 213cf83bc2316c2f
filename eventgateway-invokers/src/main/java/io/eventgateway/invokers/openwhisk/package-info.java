/** Actions of Apache OpenWhisk. */
@NullMarked
package io.eventgateway.invokers.openwhisk;

import org.jspecify.annotations.NullMarked;

/** Functions on Google Cloud. */
@NullMarked
package io.eventgateway.gcp;

import org.jspecify.annotations.NullMarked;

/** An application. */
@NullMarked
package io.eventgateway.application;

import org.jspecify.annotations.NullMarked;

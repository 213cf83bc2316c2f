/** What the services that take events have in common: entries and batches of them, keys, names and contents. */
@NullMarked
package io.eventgateway.aws;

import org.jspecify.annotations.NullMarked;

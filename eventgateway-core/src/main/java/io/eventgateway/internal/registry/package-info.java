/** What is registered: the subscription store on one side, the rooms that work by it on the other. */
@NullMarked
package io.eventgateway.internal.registry;

import org.jspecify.annotations.NullMarked;

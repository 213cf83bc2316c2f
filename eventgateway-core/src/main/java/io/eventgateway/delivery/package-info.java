/** How deliveries are made, limited and given up: policies, reports, dead letters and the backlog. */
@NullMarked
package io.eventgateway.delivery;

import org.jspecify.annotations.NullMarked;

/** What has happened: recorded events, replays, and chains of events. */
@NullMarked
package io.eventgateway.history;

import org.jspecify.annotations.NullMarked;

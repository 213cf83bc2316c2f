/** What the function types on AWS have in common: who calls as whom and where, the clients, and what failures mean. */
@NullMarked
package io.eventgateway.invokers.aws;

import org.jspecify.annotations.NullMarked;

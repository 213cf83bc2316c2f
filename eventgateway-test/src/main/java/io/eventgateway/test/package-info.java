/** What an application and an implementor of the SPIs test with. */
@NullMarked
package io.eventgateway.test;

import org.jspecify.annotations.NullMarked;

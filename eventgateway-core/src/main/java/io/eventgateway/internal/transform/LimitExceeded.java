package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.JException;

/** An expression that is given up, because it exceeds a bound. One of the library's exceptions, so that it adds the position of the call. */
final class LimitExceeded extends JException {
    private static final long serialVersionUID = 1L;

    LimitExceeded(String problem) {
        super(problem);
    }

    /** What is exceeded, which the library's own message wraps. */
    @Override
    public String getMessage() {
        return getError();
    }
}

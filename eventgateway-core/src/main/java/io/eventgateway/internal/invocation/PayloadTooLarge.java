package io.eventgateway.internal.invocation;

/** Why a call was not made: the payload is larger than the gateway sends. The cause of the call's failure. */
public final class PayloadTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PayloadTooLarge(int bytes, int largest) {
        super(bytes + " bytes are more than " + largest, null, false, false);
    }
}

package io.eventgateway.jdbc;

import io.eventgateway.jdbc.DataEncryption.Context;
import io.eventgateway.jdbc.DataEncryption.Encrypted;
import org.jspecify.annotations.Nullable;

/**
 * The data of an event as an encryption gets it: a byte that says whether there is any, and the data. So an event without data is
 * authenticated, too, and stays one without.
 */
final class Sealing {
    private static final byte NO_DATA = 0;
    private static final byte DATA = 1;

    private Sealing() {}

    static Encrypted seal(DataEncryption encryption, byte @Nullable [] data, Context context) {
        byte[] framed = new byte[data == null ? 1 : data.length + 1];
        framed[0] = data == null ? NO_DATA : DATA;
        if (data != null) {
            System.arraycopy(data, 0, framed, 1, data.length);
        }
        return encryption.encrypt(framed, context);
    }

    /**
     * Returns the data; null for none.
     *
     * @throws RuntimeException if it can't be decrypted
     */
    static byte @Nullable [] open(DataEncryption encryption, Encrypted encrypted, Context context) {
        byte[] framed = encryption.decrypt(encrypted, context);
        if (framed.length == 0 || framed[0] > DATA || framed[0] < NO_DATA) {
            throw new IllegalStateException(
                    "the data of event '" + context.eventId() + "' was decrypted to what was never encrypted");
        }
        if (framed[0] == NO_DATA) {
            return null;
        }
        byte[] data = new byte[framed.length - 1];
        System.arraycopy(framed, 1, data, 0, data.length);
        return data;
    }
}

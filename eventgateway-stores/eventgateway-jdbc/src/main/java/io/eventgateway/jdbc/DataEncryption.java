package io.eventgateway.jdbc;

import javax.crypto.SecretKey;

/**
 * Encrypts the data of events before it is stored. The attributes of events are stored as they are, since events are found by
 * them: keep personal data out of subjects and extensions, or hash it.
 *
 * <p>Thread-safe, and called on the emitter's thread. What it throws refuses the event. A data key that is kept for each subject
 * makes deleting that key a way to forget the subject, backups included.
 */
public interface DataEncryption {
    /** What is stored in place of the data; the id says which key to decrypt it with, in 1 to 256 characters. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Encrypted(String keyId, byte[] bytes) {}

    /**
     * What the data belongs to, which is authenticated with it, so that it can't be moved to another event.
     *
     * @param eventId the event's id
     * @param source the event's source
     */
    record Context(String space, String source, String eventId) {}

    /** Encrypts an event's data. */
    Encrypted encrypt(byte[] data, Context context);

    /** Decrypts what {@link #encrypt} gave; throws when it can't, and the event is then not delivered and stays stored. */
    byte[] decrypt(Encrypted encrypted, Context context);

    /**
     * AES-GCM (NIST SP 800-38D) with one key of 128, 192 or 256 bits, whose id is not secret.
     *
     * @throws IllegalArgumentException if the key is not one for AES, or the id has not 1 to 256 characters
     */
    static DataEncryption aesGcm(String keyId, SecretKey key) {
        return new AesGcmEncryption(keyId, key);
    }
}

package io.eventgateway.jdbc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the data of events before it is stored, and authenticates their attributes with it. The attributes are stored as they
 * are, since events are found by them: keep personal data out of subjects and extensions, or hash it. An event without data is
 * encrypted, too, for the sake of its attributes.
 *
 * <p>Thread-safe, and called on the emitter's thread. What it throws refuses the event. A data key that is kept for each subject
 * makes deleting that key a way to forget the subject, backups included.
 */
public interface DataEncryption {
    /** What is stored in place of the data; the id says which key to decrypt it with, in 1 to 256 characters. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Encrypted(String keyId, byte[] bytes) {}

    /**
     * What the data belongs to, as it is stored. It is authenticated with the data, so that neither the data can be moved to another
     * event nor an attribute be changed unnoticed.
     *
     * @param source the event's source
     * @param eventId the event's id
     * @param time the event's time as text
     * @param extensions the event's other attributes as one text
     */
    record Context(
            String space,
            String source,
            String eventId,
            String type,
            @Nullable String subject,
            @Nullable String time,
            @Nullable String correlationId,
            @Nullable String contentType,
            @Nullable String extensions) {
        private static final int VERSION = 1;

        /** Returns all of it as bytes, which are different for different contexts; for the additional data of a cipher. */
        public byte[] authenticated() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            bytes.write(VERSION);
            add(bytes, space);
            add(bytes, source);
            add(bytes, eventId);
            add(bytes, type);
            add(bytes, subject);
            add(bytes, time);
            add(bytes, correlationId);
            add(bytes, contentType);
            add(bytes, extensions);
            return bytes.toByteArray();
        }

        /** Each part has its length before it, so that no two contexts look the same. */
        private static void add(ByteArrayOutputStream bytes, @Nullable String part) {
            byte[] text = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(part == null ? -1 : text.length)
                    .array());
            bytes.writeBytes(text);
        }
    }

    /**
     * A key for AES with its name.
     *
     * @param id what names the key in the database, in 1 to 256 characters; it is not secret
     * @param key of 128, 192 or 256 bits
     */
    record AesKey(String id, SecretKey key) {
        private static final int MAX_ID = 256;

        /**
         * Checks that AES takes the key.
         *
         * @throws IllegalArgumentException if the key is not one for AES, or the id has not 1 to 256 characters
         */
        public AesKey {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(key, "key");
            if (id.isEmpty() || id.length() > MAX_ID) {
                throw new IllegalArgumentException(
                        "the id of a key must have 1 to " + MAX_ID + " characters, had " + id.length());
            }
            AesGcmEncryption.check(id, key);
        }

        /** The id alone. */
        @Override
        public String toString() {
            return "AesKey[" + id + "]";
        }
    }

    /** Encrypts an event's data. */
    Encrypted encrypt(byte[] data, Context context);

    /**
     * Decrypts what {@link #encrypt} gave. What it throws makes the event unreadable: it is held, shown without its data, and read
     * again later.
     */
    byte[] decrypt(Encrypted encrypted, Context context);

    /**
     * AES-GCM (NIST SP 800-38D) with one key of 128, 192 or 256 bits, whose id is not secret.
     *
     * @throws IllegalArgumentException if the key is not one for AES, or the id has not 1 to 256 characters
     */
    static DataEncryption aesGcm(String keyId, SecretKey key) {
        return aesGcm(new AesKey(keyId, key));
    }

    /**
     * AES-GCM (NIST SP 800-38D) with a key that encrypts, and older ones that decrypt what they encrypted before. A key should encrypt no
     * more than 2^32 events (section 8.3).
     *
     * @throws IllegalArgumentException if two keys have the same id
     */
    static DataEncryption aesGcm(AesKey current, AesKey... older) {
        return new AesGcmEncryption(current, older);
    }
}

package io.eventgateway.internal.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-decoding of UTF-8 (RFC 3986, section 2.1); for queries also the plus sign of HTML forms. */
public final class PercentCoding {
    private PercentCoding() {}

    /**
     * The decoded text.
     *
     * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8
     */
    public static String decode(String text) {
        return text.indexOf('%') < 0 ? text : decodeBytes(text, false);
    }

    /** Decodes as {@link #decode} does, with a plus sign for a space. */
    public static String decodeForm(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : decodeBytes(text, true);
    }

    private static String decodeBytes(String text, boolean plusIsSpace) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                int high = i + 2 <= in.length - 1 ? Character.digit(in[i + 1], 16) : -1;
                int low = i + 2 <= in.length - 1 ? Character.digit(in[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException("'%' must be followed by two hexadecimal digits, at byte " + i
                            + " of '" + ShownText.of(text) + "'");
                }
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[length++] = plusIsSpace && in[i] == '+' ? (byte) ' ' : in[i];
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "the percent-encoded bytes of '" + ShownText.of(text) + "' must be UTF-8", e);
        }
    }
}

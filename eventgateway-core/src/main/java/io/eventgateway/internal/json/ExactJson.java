package io.eventgateway.internal.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON into trees whose numbers are what is written: decimals are {@code BigDecimal}s with their zeros, not the nearest binary
 * fractions. Everything that can't be read ends as a {@link JacksonException}.
 */
public final class ExactJson {
    /** Reads anything, with Jackson's own settings. */
    public static final ObjectReader READER = reader(JsonMapper.shared());

    /** Reads eight bytes at once, since most of a document is ASCII. */
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long NOT_ASCII = 0x8080808080808080L;
    private static final ObjectReader VALUE_READER = READER.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ExactJson() {}

    /** A reader of exact trees with a mapper's own settings. */
    public static ObjectReader reader(JsonMapper mapper) {
        return mapper.reader(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /** The tree of a document; the missing node for an empty one. */
    public static JsonNode read(ObjectReader reader, byte[] document) {
        requireUtf8(document);
        try {
            return reader.readTree(document);
        } catch (NumberFormatException e) {
            throw beyondDecimals(reader.createParser(document), e);
        } catch (StreamConstraintsException e) {
            throw beyondLimits(reader.createParser(document), e);
        } catch (StackOverflowError e) { // only where the mapper allows deeper documents than Jackson does by itself
            throw unreadable("the document is nested too deep", e);
        }
    }

    public static JsonNode read(byte[] document) {
        return read(READER, document);
    }

    public static JsonNode read(String document) {
        try {
            return READER.readTree(document);
        } catch (NumberFormatException e) {
            throw beyondDecimals(READER.createParser(document), e);
        }
    }

    /** The tree of the value at which a parser is, after which others may follow. */
    public static JsonNode read(JsonParser parser) {
        try {
            return VALUE_READER.readTree(parser);
        } catch (NumberFormatException e) {
            throw beyondDecimals(Unreadable.at(parser), e);
        }
    }

    /**
     * Checks that a document is UTF-8 as RFC 3629 has it, which JSON has to be (RFC 8259, section 8.1): Jackson reads overlong forms,
     * by which a character that is looked for could hide. A document that begins as UTF-16 or UTF-32 is left to Jackson.
     */
    public static void requireUtf8(byte[] document) {
        if (isOfWiderUnits(document)) {
            return;
        }
        for (int i = 0; i < document.length; ) {
            if (i + Long.BYTES <= document.length && ((long) EIGHT_BYTES.get(document, i) & NOT_ASCII) == 0) {
                i += Long.BYTES;
                continue;
            }
            int length = Utf8.lengthAt(document, i);
            if (length == 0) {
                throw unreadable("byte " + i + " is not UTF-8", null);
            }
            i += length;
        }
    }

    private static boolean isOfWiderUnits(byte[] document) {
        return document.length >= 2
                && (document[0] == 0
                        || document[1] == 0
                        || (document[0] == (byte) 0xFE && document[1] == (byte) 0xFF)
                        || (document[0] == (byte) 0xFF && document[1] == (byte) 0xFE));
    }

    /** The failure for a document whose number was met before, of which it is read once more to say where it is. */
    private static StreamReadException beyondDecimals(JsonParser parser, NumberFormatException failure) {
        try (parser) {
            JsonNode unused = VALUE_READER.readTree(parser);
            return beyondDecimals("", failure);
        } catch (NumberFormatException again) {
            return beyondDecimals(Unreadable.at(parser), failure);
        }
    }

    /** The failure for a document that was found to have too much of something, which is read once more to say where. */
    private static StreamReadException beyondLimits(JsonParser parser, StreamConstraintsException failure) {
        String at = "";
        try (parser) {
            JsonNode unused = VALUE_READER.readTree(parser);
        } catch (StreamConstraintsException again) {
            at = Unreadable.at(parser);
        }
        return unreadable(Unreadable.beyondLimit(failure, at), failure);
    }

    private static StreamReadException beyondDecimals(String at, NumberFormatException failure) {
        return unreadable(
                "a number" + at + " is beyond what a decimal can hold, whose exponent is at most 2147483647", failure);
    }

    private static StreamReadException unreadable(String problem, @Nullable Throwable cause) {
        return new Problem(problem, cause);
    }

    /** A problem that was found here, and whose message shows no value. */
    static final class Problem extends StreamReadException {
        private static final long serialVersionUID = 1L;

        Problem(String problem, @Nullable Throwable cause) {
            super(null, problem, cause);
        }
    }
}

package io.eventgateway.jsonschema;

import io.eventgateway.error.InvalidEventTypeException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A dialect of JSON Schema that schemas may be written in. */
enum DialectName {
    DRAFT_2020_12("https://json-schema.org/draft/2020-12/schema"),
    DRAFT_7("http://json-schema.org/draft-07/schema#");

    private final String address;

    DialectName(String address) {
        this.address = address;
    }

    /** The address of its meta-schema. */
    String address() {
        return address;
    }

    /**
     * The dialect that a schema says it is of; 2020-12 when it says nothing.
     *
     * @param name what it is, for messages
     * @throws InvalidEventTypeException if it is of another dialect
     */
    static DialectName of(String name, JsonNode schema) {
        JsonNode said = schema.get("$schema");
        if (said == null) {
            return DRAFT_2020_12;
        }
        DialectName known = said.isString() ? byAddress(said.stringValue()) : null;
        if (known == null) {
            throw new InvalidEventTypeException("the $schema of " + name + " must be one of "
                    + Arrays.stream(values()).map(DialectName::address).collect(Collectors.joining(", "))
                    + ", or left out for the first, was " + Cut.to(said.toString(), Cut.SHORT));
        }
        return known;
    }

    private static @Nullable DialectName byAddress(String said) {
        String bare = bare(said);
        for (DialectName dialect : values()) {
            if (bare(dialect.address).equals(bare)) {
                return dialect;
            }
        }
        return null;
    }

    /** An address without its scheme and an empty fragment, both of which people write this way and that. */
    private static String bare(String address) {
        String bare = address.endsWith("#") ? address.substring(0, address.length() - 1) : address;
        return bare.replaceFirst("^https?://", "");
    }
}

package io.eventgateway.internal.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON mapper of a gateway whose application gave none.
 *
 * <p>It is null in what holds it, since making Jackson's shared mapper is most of the time that a gateway without it takes to
 * start: it is made when something is first converted.
 */
public final class Mappers {
    private Mappers() {}

    /** The mapper that was given, else Jackson's shared one, which the first call makes. */
    public static JsonMapper orShared(@Nullable JsonMapper given) {
        return given != null ? given : JsonMapper.shared();
    }
}

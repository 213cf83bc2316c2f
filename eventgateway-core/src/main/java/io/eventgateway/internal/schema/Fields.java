package io.eventgateway.internal.schema;

import io.eventgateway.internal.schema.Values.Kind;
import io.eventgateway.schema.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists the paths into the events of a type: as many as fit, and of a schema that refers to itself one round. */
public final class Fields {
    private static final int MOST = 10_000;
    private static final int DEEPEST = 32;
    private static final int MOST_VALUES = 100;

    /** A path to be listed, and the parts of the schema on the way to it. */
    private record Way(String path, Place place, boolean isRequired, Set<Object> origins, int depth) {}

    private final List<Field> fields = new ArrayList<>();
    private final Deque<Way> ways = new ArrayDeque<>();

    private Fields() {}

    /** The paths of events: attributes, extensions, then the data level by level. */
    public static List<Field> of(EventPlace event) {
        Fields made = new Fields();
        for (String name : event.names()) {
            made.ways.add(new Way(name, event.member(name), event.requires(name), Set.of(), 0));
        }
        while (!made.ways.isEmpty() && made.fields.size() < MOST) {
            made.list(made.ways.remove());
        }
        return Collections.unmodifiableList(made.fields);
    }

    private void list(Way way) {
        Values values = way.place().values();
        if (values.isEmpty()) {
            return;
        }
        fields.add(field(way, values));
        Set<Object> origins = way.place().origins();
        if (way.depth() >= DEEPEST || !Collections.disjoint(origins, way.origins())) {
            return;
        }
        Set<Object> all = new HashSet<>(way.origins());
        all.addAll(origins);
        if (values.may(Kind.OBJECT)) {
            for (String name : way.place().names()) {
                if (ways.size() + fields.size() >= MOST) {
                    return;
                }
                boolean required = way.isRequired() && isOnly(values, Kind.OBJECT) && way.place().requires(name);
                ways.add(new Way(
                        child(way.path(), name), way.place().member(name), required, all, way.depth() + 1));
            }
        }
        if (values.may(Kind.ARRAY)) {
            Place elements = way.place().elements();
            if (elements != Place.ANYTHING && elements != Place.NOTHING) {
                boolean required =
                        way.isRequired() && isOnly(values, Kind.ARRAY) && way.place().minItems() > 0;
                ways.add(new Way(way.path() + "[]", elements, required, all, way.depth() + 1));
            }
        }
    }

    private static boolean isOnly(Values values, Kind kind) {
        return values.kinds().equals(Set.of(kind));
    }

    private static Field field(Way way, Values values) {
        List<String> listed = values.listed();
        @Nullable String description = way.place().description();
        return new Field(
                way.path(),
                values.types(),
                way.isRequired(),
                listed.size() > MOST_VALUES ? List.of() : listed,
                way.place().examples(),
                description);
    }

    /** The path of a member, as filters are explained with. */
    static String child(String path, String name) {
        boolean plain = !name.isEmpty()
                && name.chars()
                        .noneMatch(c -> ".[]'\"\\".indexOf(c) >= 0
                                || Character.isISOControl(c)
                                || Character.isWhitespace(c));
        return plain ? path + "." + name : path + "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']";
    }
}

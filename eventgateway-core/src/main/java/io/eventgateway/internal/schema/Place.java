package io.eventgateway.internal.schema;

import io.eventgateway.internal.schema.Values.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in the data of events, of which a schema says what may be there. Immutable and thread-safe; what is below a place is looked
 * up when it is asked for.
 */
public interface Place {
    /** A place with anything in it, of which nothing is known. */
    Place ANYTHING = new Place() {
        @Override
        public Values values() {
            return Values.ANY;
        }

        @Override
        public Place member(String name) {
            return this;
        }

        @Override
        public Place element(int index) {
            return this;
        }

        @Override
        public Place elements() {
            return this;
        }
    };

    /** A place where nothing can be. */
    Place NOTHING = new Place() {
        @Override
        public Values values() {
            return Values.NONE;
        }

        @Override
        public Place member(String name) {
            return this;
        }

        @Override
        public Place element(int index) {
            return this;
        }

        @Override
        public Place elements() {
            return this;
        }
    };

    /** The values that may be here; never nothing at all, which the place above decides. */
    Values values();

    /** The member of an object that is here. */
    Place member(String name);

    /** An element of an array that is here. */
    Place element(int index);

    /** All elements of an array that is here, as one place. */
    Place elements();

    /** Returns whether each object that is here surely has a member. */
    default boolean requires(String name) {
        return false;
    }

    /** How many elements an array that is here surely has. */
    default int minItems() {
        return 0;
    }

    /** The members that are named; there may be others. */
    default Set<String> names() {
        return Set.of();
    }

    /** What the schema says of the place for people; null for nothing. */
    default @Nullable String description() {
        return null;
    }

    /** Examples of what is here, as JSON. */
    default List<String> examples() {
        return List.of();
    }

    /** The parts of the schema that speak of this place, by which recursion is seen. */
    default Set<Object> origins() {
        return Set.of();
    }

    /** A place that is as all of some say. */
    static Place all(List<Place> places) {
        Set<Place> parts = new LinkedHashSet<>();
        for (Place place : places) {
            if (place instanceof Meet meet) {
                parts.addAll(meet.parts());
            } else if (place != ANYTHING) {
                parts.add(place);
            }
        }
        if (parts.contains(NOTHING)) {
            return NOTHING;
        }
        return parts.isEmpty() ? ANYTHING : parts.size() == 1 ? parts.iterator().next() : new Meet(List.copyOf(parts));
    }

    /** A place that is as one of some says. */
    static Place any(List<Place> places) {
        Set<Place> parts = new LinkedHashSet<>();
        for (Place place : places) {
            if (place == ANYTHING) {
                return ANYTHING;
            }
            if (place instanceof Join join) {
                parts.addAll(join.parts());
            } else if (place != NOTHING) {
                parts.add(place);
            }
        }
        return parts.isEmpty() ? NOTHING : parts.size() == 1 ? parts.iterator().next() : new Join(List.copyOf(parts));
    }

    /** A place of which several parts of a schema speak, all of which hold. */
    record Meet(List<Place> parts) implements Place {
        @Override
        public Values values() {
            Values values = Values.ANY;
            for (Place part : parts) {
                values = values.and(part.values());
            }
            return values;
        }

        @Override
        public Place member(String name) {
            return all(parts.stream().map(part -> part.member(name)).toList());
        }

        @Override
        public Place element(int index) {
            return all(parts.stream().map(part -> part.element(index)).toList());
        }

        @Override
        public Place elements() {
            return all(parts.stream().map(Place::elements).toList());
        }

        @Override
        public boolean requires(String name) {
            return parts.stream().anyMatch(part -> part.requires(name));
        }

        @Override
        public int minItems() {
            return parts.stream().mapToInt(Place::minItems).max().orElse(0);
        }

        @Override
        public Set<String> names() {
            return union(parts);
        }

        @Override
        public @Nullable String description() {
            return firstDescription(parts);
        }

        @Override
        public List<String> examples() {
            return allExamples(parts);
        }

        @Override
        public Set<Object> origins() {
            return allOrigins(parts);
        }
    }

    /** A place of which several parts of a schema speak, one of which holds. */
    record Join(List<Place> parts) implements Place {
        @Override
        public Values values() {
            Values values = Values.NONE;
            for (Place part : parts) {
                values = values.or(part.values());
            }
            return values;
        }

        /** The parts that may be objects. */
        private List<Place> of(Kind kind) {
            return parts.stream().filter(part -> part.values().may(kind)).toList();
        }

        @Override
        public Place member(String name) {
            return any(of(Kind.OBJECT).stream().map(part -> part.member(name)).toList());
        }

        @Override
        public Place element(int index) {
            return any(of(Kind.ARRAY).stream().map(part -> part.element(index)).toList());
        }

        @Override
        public Place elements() {
            return any(of(Kind.ARRAY).stream().map(Place::elements).toList());
        }

        @Override
        public boolean requires(String name) {
            return of(Kind.OBJECT).stream().allMatch(part -> part.requires(name));
        }

        @Override
        public int minItems() {
            return of(Kind.ARRAY).stream().mapToInt(Place::minItems).min().orElse(0);
        }

        @Override
        public Set<String> names() {
            return union(parts);
        }

        @Override
        public @Nullable String description() {
            return firstDescription(parts);
        }

        @Override
        public List<String> examples() {
            return allExamples(parts);
        }

        @Override
        public Set<Object> origins() {
            return allOrigins(parts);
        }
    }

    private static Set<String> union(List<Place> parts) {
        Set<String> names = new LinkedHashSet<>();
        parts.forEach(part -> names.addAll(part.names()));
        return names;
    }

    private static @Nullable String firstDescription(List<Place> parts) {
        for (Place part : parts) {
            String description = part.description();
            if (description != null) {
                return description;
            }
        }
        return null;
    }

    private static List<String> allExamples(List<Place> parts) {
        List<String> examples = new ArrayList<>();
        parts.forEach(part -> examples.addAll(part.examples()));
        return examples;
    }

    private static Set<Object> allOrigins(List<Place> parts) {
        Set<Object> origins = new LinkedHashSet<>();
        parts.forEach(part -> origins.addAll(part.origins()));
        return origins;
    }
}

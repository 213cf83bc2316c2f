package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.Reach;
import io.eventgateway.internal.schema.Place;
import io.eventgateway.internal.schema.Values;
import io.eventgateway.internal.schema.Values.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a test may find at its path. Immutable.
 *
 * @param values the values, with {@link Kind#ABSENT} where nothing may be there; of elements, those alone
 * @param throughArrays whether the test may look into an array, so that it may find several values or none
 * @param missing the index of the first name of the path that can't be; how many names there are, where objects alone are at the
 *     path; -1 where something may be there
 * @param holder what is there instead of an object with the missing member; null where the object is there
 * @param pastArrays whether there may be arrays on the way that the test does not look into
 */
record Reachable(
        Values values,
        boolean throughArrays,
        int missing,
        @Nullable Values holder,
        boolean pastArrays) {
    /** Levels of arrays in arrays that are looked through. */
    private static final int MOST_NESTED = 4;

    /** Looks from an event along a path. */
    static Reachable at(Place event, List<String> names, Reach reach) {
        Place place = event;
        boolean mayBeAbsent = false;
        boolean throughArrays = false;
        boolean pastArrays = false;
        for (int i = 0; i < names.size(); i++) {
            Values holder = place.values();
            if (reach == Reach.LEAVES && place.values().may(Kind.ARRAY)) {
                throughArrays = true;
                mayBeAbsent = true;
                place = flat(place);
            }
            Values here = place.values();
            pastArrays |= here.may(Kind.ARRAY);
            if (!here.may(Kind.OBJECT)) {
                return new Reachable(Values.ABSENT, throughArrays, i, holder, pastArrays);
            }
            mayBeAbsent |= here.kinds().size() > 1 || !place.requires(names.get(i));
            place = place.member(names.get(i));
            if (place.values().isEmpty()) {
                return new Reachable(Values.ABSENT, throughArrays, i, null, pastArrays);
            }
        }
        Values found = place.values();
        if (reach == Reach.LEAVES) {
            if (found.may(Kind.ARRAY)) {
                throughArrays = true;
                mayBeAbsent = true;
                found = flat(place).values().without(Kind.ARRAY);
            }
            mayBeAbsent |= found.may(Kind.OBJECT);
            found = found.without(Kind.OBJECT);
        } else if (reach == Reach.ELEMENTS && found.may(Kind.ARRAY)) {
            throughArrays = true;
            found = found.without(Kind.ARRAY).or(place.elements().values());
            mayBeAbsent = true;
        }
        boolean isNowhere = found.isEmpty();
        return new Reachable(mayBeAbsent ? found.orAbsent() : found, throughArrays, isNowhere ? names.size() : -1, null, pastArrays);
    }

    /** The place of what is there, or of what is in arrays there. */
    private static Place flat(Place place) {
        List<Place> all = new ArrayList<>(List.of(new NoArray(place)));
        Place at = place;
        for (int level = 0; at.values().may(Kind.ARRAY); level++) {
            if (level == MOST_NESTED) {
                return Place.ANYTHING;
            }
            at = at.elements();
            all.add(new NoArray(at));
        }
        return Place.any(all);
    }

    /** A place, as far as no array is there. */
    private record NoArray(Place place) implements Place {
        @Override
        public Values values() {
            return place.values().without(Kind.ARRAY);
        }

        @Override
        public Place member(String name) {
            return place.member(name);
        }

        @Override
        public boolean requires(String name) {
            return place.requires(name);
        }

        @Override
        public Place element(int index) {
            return Place.NOTHING;
        }

        @Override
        public Place elements() {
            return Place.NOTHING;
        }

        @Override
        public java.util.Set<String> names() {
            return place.names();
        }

        @Override
        public @Nullable String description() {
            return place.description();
        }
    }
}

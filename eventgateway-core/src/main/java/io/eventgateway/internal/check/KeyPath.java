package io.eventgateway.internal.check;

import io.eventgateway.internal.schema.Place;
import io.eventgateway.internal.schema.Values;
import io.eventgateway.internal.schema.Values.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A path that looks for one value, as transforms and keys have them: names, numbers of elements, and every member or element.
 *
 * @param steps a {@code String} for a member, an {@code Integer} for an element, {@code EVERY} for all of either
 */
record KeyPath(List<Object> steps) {
    /** The step to every member or element. */
    static final Object EVERY = new Object();

    /** The path of an ordering key or a sticky key: {@code subject}, {@code data.items[0].sku}. */
    static KeyPath of(String key) {
        List<Object> steps = new ArrayList<>();
        String path = key.startsWith("$.") ? key.substring(2) : key;
        for (String step : path.split("[.\\[]", -1)) {
            if (step.endsWith("]")) {
                steps.add(Integer.valueOf(step.substring(0, step.length() - 1)));
            } else if (!step.isEmpty()) {
                steps.add(step);
            }
        }
        return new KeyPath(steps);
    }

    /** The index of the first step that can lead nowhere in any event; -1 when there is none. */
    int missing(Place event) {
        Place place = event;
        for (int i = 0; i < steps.size(); i++) {
            Values here = place.values();
            Object step = steps.get(i);
            if (step == EVERY) {
                return here.may(Kind.OBJECT) || here.may(Kind.ARRAY) ? -1 : i;
            }
            List<Place> next = new ArrayList<>();
            if (step instanceof String name) {
                if (here.may(Kind.OBJECT)) {
                    next.add(place.member(name));
                }
                if (here.may(Kind.ARRAY) && name.matches("\\d{1,9}")) { // a sticky key's element
                    next.add(place.element(Integer.parseInt(name)));
                }
            } else if (here.may(Kind.ARRAY)) {
                next.add(place.element((Integer) step));
            }
            place = Place.any(next);
            if (place.values().isEmpty()) {
                return i;
            }
        }
        return -1;
    }

    /** The names before and at a step, as far as all of them are names. */
    List<String> names() {
        return steps.stream().allMatch(String.class::isInstance)
                ? steps.stream().map(String.class::cast).toList()
                : List.of();
    }
}

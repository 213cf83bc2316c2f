package io.eventgateway.internal.discovery;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The texts that were seen at one place: their form, and which they are as long as they are few and don't look personal. Not
 * thread-safe.
 */
final class LearnedText {
    private static final int MOST_VALUES = 20;
    /** Each value of an enumeration has been seen this often, on the average. */
    private static final int SEEN_FOR_ENUM = 10;

    private long count;
    private final Set<TextForm> forms = EnumSet.allOf(TextForm.class);
    private final Map<String, Long> values = new TreeMap<>();
    /** Whether values are kept, which ends for ever with the first that may not be. */
    private boolean areKept;

    LearnedText(@Nullable String name) {
        this.areKept = name == null || !Personal.isNameOfPersonal(name);
    }

    void learn(String text) {
        count++;
        forms.removeIf(form -> !form.isOf(text));
        if (!areKept) {
            return;
        }
        boolean isNew = !values.containsKey(text);
        if (isNew && (values.size() == MOST_VALUES || !Personal.mayBeKept(text))) {
            areKept = false;
            values.clear();
        } else {
            values.merge(text, 1L, Long::sum);
        }
    }

    long count() {
        return count;
    }

    /**
     * Says the form, and the values where they are an enumeration.
     *
     * @param alone whether nothing else than texts was seen, so that an enumeration may be said
     */
    void describe(ObjectNode schema, boolean alone) {
        forms.stream().min(Comparator.naturalOrder()).ifPresent(form -> schema.put("format", form.format()));
        if (alone && areKept && forms.isEmpty() && count >= (long) SEEN_FOR_ENUM * values.size()) {
            ArrayNode all = schema.putArray("enum");
            values.keySet().forEach(all::add);
        }
    }

    /** The values, as long as they are few and may be kept. */
    Set<String> values() {
        return Collections.unmodifiableSet(values.keySet());
    }

    void takeOver(LearnedText other) {
        count = other.count;
        forms.retainAll(other.forms);
        values.putAll(other.values);
        areKept = other.areKept;
    }
}

package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.Condition.Code;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one thread needs while it matches one event: the values at the paths that filters name, the entries that they lead to, and
 * the targets that match. It is used again for other events, so that matching allocates next to nothing, and keeps nothing of them.
 */
final class Scratch implements View {
    /** Stands for an object of which only named members were read. */
    static final ObjectNode OBJECT = JsonNodeFactory.instance.objectNode();

    private static final int FIRST_SIZE = 16;
    private static final int NO_ELEMENT = -1;
    /** Where at least one of so many ordinals is of a match, each gets a place; where fewer are, matches are compared. */
    private static final int DENSE = 16;

    private @Nullable Object[] values = new Object[FIRST_SIZE];
    private int[] touched = new int[FIRST_SIZE];
    private int touches;
    private boolean arrays;
    private int[] stamps = new int[FIRST_SIZE];
    private int stamp;
    private @Nullable Entry<?>[] candidates = new Entry<?>[FIRST_SIZE];
    private int count;
    /** By ordinal, the place of an entry among the candidates. */
    private int[] places = new int[FIRST_SIZE];
    /** By place among the candidates, the elements of the outermost array from and to which values led there. */
    private int[] first = new int[FIRST_SIZE];

    private int[] last = new int[FIRST_SIZE];
    /** The element of the outermost array that is looked through; {@link #NO_ELEMENT} outside of arrays. */
    private int element = NO_ELEMENT;
    /** By slot, the stamp of the event that has a scalar there below an array. */
    private int[] leaves = new int[FIRST_SIZE];
    /** By ordinal, while they are sorted. */
    private @Nullable Entry<?>[] placed = {};

    private @Nullable Event event;
    private boolean countingErrors;
    private final Verdicts verdicts = new Verdicts();

    void begin(Event next) {
        event = next;
        arrays = false;
        count = 0;
        element = NO_ELEMENT;
        stamp++;
        if (stamp == 0) {
            Arrays.fill(stamps, 0);
            Arrays.fill(leaves, 0);
            stamp = 1;
        }
    }

    /** Ends as {@link #end} does, where the event is not looked at again. */
    void finish() {
        end();
        verdicts.clear();
    }

    @Override
    public boolean verdict(Code code) {
        return verdicts.of(code, event());
    }

    Verdicts verdicts() {
        return verdicts;
    }

    void end() {
        forget(0);
        Arrays.fill(candidates, 0, count, null);
        count = 0;
        event = null;
    }

    /** Counts, or does not count, the filters that can't be evaluated. */
    void countErrors(boolean count) {
        countingErrors = count;
    }

    boolean isCountingErrors() {
        return countingErrors;
    }

    /** How many values have been put so far: where {@link #forget} may go back to. */
    int mark() {
        return touches;
    }

    /** Forgets the values that were put since a mark. */
    void forget(int mark) {
        while (touches > mark) {
            touches--;
            values[touched[touches]] = null;
        }
    }

    /** How many candidates there are so far. */
    int count() {
        return count;
    }

    void put(PathNode node, Object value) {
        int slot = node.slot();
        if (slot >= values.length) {
            values = Arrays.copyOf(values, Math.max(slot + 1, values.length * 2));
        }
        if (values[slot] == null) {
            if (touches == touched.length) {
                touched = Arrays.copyOf(touched, touches * 2);
            }
            touched[touches] = slot;
            touches++;
        } else {
            forgetBelow(node); // the member comes twice in its object, and the last one counts
        }
        values[slot] = value;
        arrays |= value instanceof JsonNode json && json.isArray();
    }

    private void forgetBelow(PathNode node) {
        for (PathNode child : node.children()) {
            forgetLeaves(child);
            if (child.slot() < values.length && values[child.slot()] != null) {
                values[child.slot()] = MissingNode.getInstance();
                forgetBelow(child);
            }
        }
    }

    private void forgetLeaves(PathNode node) {
        if (node.slot() < leaves.length) {
            leaves[node.slot()] = 0;
        }
        for (PathNode child : node.children()) {
            forgetLeaves(child);
        }
    }

    /** Looks through an element of the outermost array from now on. */
    void enter(int index) {
        element = index;
    }

    /** Looks outside of arrays from now on. */
    void leaveArray() {
        element = NO_ELEMENT;
    }

    /** A scalar is at a node, below an array. */
    void leaf(PathNode node) {
        int slot = node.slot();
        if (slot >= leaves.length) {
            leaves = Arrays.copyOf(leaves, Math.max(slot + 1, leaves.length * 2));
        }
        leaves[slot] = stamp;
    }

    @Override
    public Boolean hasLeafInArray(Path path) {
        return path.slot() < leaves.length && leaves[path.slot()] == stamp;
    }

    @Override
    public @Nullable Object at(Path path) {
        Object value = path.slot() < values.length ? values[path.slot()] : null;
        return value == MissingNode.getInstance() ? null : value;
    }

    @Override
    public boolean mayHaveArrays() {
        return arrays;
    }

    @Override
    public Event event() {
        return Objects.requireNonNull(event);
    }

    /** Takes an entry that the event may match, once. */
    void candidate(Entry<?> entry) {
        int ordinal = entry.ordinal();
        if (ordinal >= stamps.length) {
            stamps = Arrays.copyOf(stamps, Math.max(ordinal + 1, stamps.length * 2));
            places = Arrays.copyOf(places, stamps.length);
        }
        if (stamps[ordinal] == stamp) {
            int place = places[ordinal];
            first[place] = Math.min(first[place], element);
            last[place] = Math.max(last[place], element);
            return;
        }
        stamps[ordinal] = stamp;
        if (count == candidates.length) {
            candidates = Arrays.copyOf(candidates, count * 2);
            first = Arrays.copyOf(first, count * 2);
            last = Arrays.copyOf(last, count * 2);
        }
        places[ordinal] = count;
        first[count] = element;
        last[count] = element;
        candidates[count] = entry;
        count++;
    }

    /** From where to where the elements of the outermost array led to a candidate by the keys of an operand. */
    Hits hitsOf(int place, int operand) {
        return first[place] == NO_ELEMENT || operand < 0 ? Hits.UNKNOWN : new Hits(operand, first[place], last[place]);
    }

    /** The entry at a place among the candidates. */
    Entry<?> candidateAt(int place) {
        return Objects.requireNonNull(candidates[place]);
    }

    /** Puts the first candidates in the order in which they were added to the index. */
    void sort(int first) {
        int lowest = Integer.MAX_VALUE;
        int highest = 0;
        for (int i = 0; i < first; i++) {
            int ordinal = candidateAt(i).ordinal();
            lowest = Math.min(lowest, ordinal);
            highest = Math.max(highest, ordinal);
        }
        int span = highest - lowest + 1;
        if (span / DENSE > first) {
            Arrays.sort(candidates, 0, first, Comparator.comparingInt(entry -> Objects.requireNonNull(entry)
                    .ordinal()));
            return;
        }
        if (placed.length < span) {
            placed = new Entry<?>[stamps.length];
        }
        for (int i = 0; i < first; i++) {
            Entry<?> entry = candidateAt(i);
            placed[entry.ordinal() - lowest] = entry;
        }
        int next = 0;
        for (int i = 0; i < span; i++) {
            Entry<?> entry = placed[i];
            if (entry != null) {
                candidates[next++] = entry;
                placed[i] = null;
            }
        }
    }

    /** Keeps an entry that matches among the first of the candidates. */
    void keep(int place, Entry<?> entry) {
        candidates[place] = entry;
    }
}

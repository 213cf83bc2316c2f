package io.eventgateway.internal.filter;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;

/**
 * A member that filters name, with the members below it that they name, and the buckets of the values that it may have.
 *
 * <p>Written under the index's lock, read without.
 */
final class PathNode {
    static final PathNode[] NONE = {};

    private final Path path;
    private final String name;
    private final Map<String, PathNode> byName = new ConcurrentHashMap<>();
    private volatile PathNode[] children = NONE;
    /** How many paths of entries end here or below. */
    private int uses;

    private volatile @Nullable TextTables texts;
    /** Of texts without the case of their letters. */
    private volatile @Nullable TextTables foldedTexts;

    private volatile @Nullable RangeTree numbers;
    private volatile @Nullable Bucket isTrue;
    private volatile @Nullable Bucket isFalse;
    private volatile @Nullable Bucket isNull;
    private volatile @Nullable Bucket anything;
    /** Whether there are buckets here. */
    private volatile boolean indexed;
    /** How many events did not have it; null while no filter takes that for an error. */
    private volatile @Nullable LongAdder absences;

    PathNode(Path path) {
        this.path = path;
        this.name = path.names().isEmpty() ? "" : path.names().get(path.names().size() - 1);
    }

    Path path() {
        return path;
    }

    String name() {
        return name;
    }

    int slot() {
        return path.slot();
    }

    PathNode[] children() {
        return children;
    }

    @Nullable PathNode child(String childName) {
        return byName.get(childName);
    }

    void add(PathNode child) {
        PathNode[] longer = Arrays.copyOf(children, children.length + 1);
        longer[children.length] = child;
        byName.put(child.name, child);
        children = longer;
    }

    private void remove(PathNode child) {
        byName.remove(child.name);
        children = Arrays.stream(children).filter(each -> each != child).toArray(PathNode[]::new);
    }

    void use() {
        uses++;
    }

    /** Counts one use of this node less. The node goes from the one above it with its last use. */
    void release(PathNode above) {
        uses--;
        if (uses == 0) {
            above.remove(this);
        }
    }

    /** The bucket of a key, made when there is none. */
    Bucket bucket(Key key, long events) {
        indexed = true;
        if (key instanceof Key.Strings strings) {
            TextTables all = texts(strings);
            if (all == null) {
                all = new TextTables();
                if (strings.folded()) {
                    foldedTexts = all;
                } else {
                    texts = all;
                }
            }
            return all.bucket(strings, () -> new Bucket(events));
        }
        if (key instanceof Key.Numbers range) {
            RangeTree all = numbers;
            if (all == null) {
                all = new RangeTree();
                numbers = all;
            }
            return all.bucket(range.range(), () -> new Bucket(events));
        }
        if (key instanceof Key.Truth truth) {
            Bucket known = truth.value() ? isTrue : isFalse;
            if (known == null) {
                known = new Bucket(events);
                if (truth.value()) {
                    isTrue = known;
                } else {
                    isFalse = known;
                }
            }
            return known;
        }
        Bucket known = key instanceof Key.Nothing ? isNull : anything;
        if (known == null) {
            known = new Bucket(events);
            if (key instanceof Key.Nothing) {
                isNull = known;
            } else {
                anything = known;
            }
        }
        return known;
    }

    private @Nullable TextTables texts(Key.Strings key) {
        return key.folded() ? foldedTexts : texts;
    }

    /** The bucket of a key; null when there is none. */
    @Nullable Bucket find(Key key) {
        if (key instanceof Key.Strings strings) {
            TextTables all = texts(strings);
            return all == null ? null : all.find(strings);
        }
        if (key instanceof Key.Numbers range) {
            RangeTree ranges = numbers;
            return ranges == null ? null : ranges.find(range.range());
        }
        if (key instanceof Key.Truth truth) {
            return truth.value() ? isTrue : isFalse;
        }
        return key instanceof Key.Nothing ? isNull : anything;
    }

    /** Takes out the bucket of a key, which is empty. */
    void removeBucket(Key key) {
        RangeTree ranges = numbers;
        TextTables all = key instanceof Key.Strings strings ? texts(strings) : null;
        if (key instanceof Key.Strings strings && all != null) {
            all.remove(strings);
        } else if (key instanceof Key.Numbers range && ranges != null) {
            ranges.remove(range.range());
        } // the others are one of a kind and stay
    }

    /** What counts the events that do not have the member. */
    LongAdder absences() {
        LongAdder counted = absences;
        if (counted == null) {
            counted = new LongAdder();
            absences = counted;
        }
        return counted;
    }

    /** An event does not have the member. */
    void isAbsent() {
        LongAdder counted = absences;
        if (counted != null) {
            counted.increment();
        }
    }

    boolean isIndexed() {
        return indexed;
    }

    /** Collects the entries that a value leads to. */
    void collect(Object value, Scratch scratch) {
        Bucket any = anything;
        if (any != null) {
            any.collect(scratch);
        }
        String text = ValueTest.textOf(value);
        if (text != null) {
            collectText(text, scratch);
            return;
        }
        JsonNode node = (JsonNode) value;
        if (node.isNumber()) {
            RangeTree ranges = numbers;
            if (ranges != null) {
                ranges.collect(node, scratch);
            }
        } else if (node.isBoolean() || node.isNull()) {
            Bucket bucket = node.isNull() ? isNull : node.booleanValue() ? isTrue : isFalse;
            if (bucket != null) {
                bucket.collect(scratch);
            }
        }
    }

    /** Collects the entries that an attribute leads to as what dialects and CESQL take it for: its text, an integer, a boolean. */
    void collectCasts(Object attribute, Scratch scratch) {
        Object value = CesqlValue.of(attribute);
        String text = value.toString();
        if (!(value instanceof String)) {
            collectText(text, scratch);
        }
        RangeTree ranges = numbers;
        if (ranges != null && !(value instanceof Integer)) {
            Integer number = value instanceof Boolean bool ? Integer.valueOf(bool ? 1 : 0) : CesqlValue.parsed(text);
            if (number != null) {
                ranges.collect(IntNode.valueOf(number), scratch);
            }
        }
        if ((isTrue != null || isFalse != null) && !(value instanceof Boolean)) {
            Boolean truth =
                    value instanceof Integer integer ? Boolean.valueOf(integer != 0) : CesqlValue.parsedBoolean(text);
            Bucket bucket = truth == null ? null : truth ? isTrue : isFalse;
            if (bucket != null) {
                bucket.collect(scratch);
            }
        }
    }

    private void collectText(String text, Scratch scratch) {
        TextTables exact = texts;
        if (exact != null) {
            exact.collect(text, scratch);
        }
        TextTables folded = foldedTexts;
        if (folded != null) {
            folded.collect(Letters.folded(text), scratch);
        }
    }
}

package io.eventgateway.internal.filter;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The buckets of the strings that a value may be, begin with or end with. Written under the index's lock, read without. */
final class TextTables {
    private final Map<String, Bucket> equal = new ConcurrentHashMap<>();
    private volatile @Nullable AffixTree beginnings;
    private volatile @Nullable AffixTree endings;

    Bucket bucket(Key.Strings key, Supplier<Bucket> made) {
        return switch (key.part()) {
            case ALL -> equal.computeIfAbsent(key.text(), text -> made.get());
            case BEGINNING -> {
                AffixTree all = beginnings;
                if (all == null) {
                    all = new AffixTree(false);
                    beginnings = all;
                }
                yield all.bucket(key.text(), made);
            }
            case END -> {
                AffixTree all = endings;
                if (all == null) {
                    all = new AffixTree(true);
                    endings = all;
                }
                yield all.bucket(key.text(), made);
            }
        };
    }

    private @Nullable AffixTree affixes(Key.Strings key) {
        return key.part() == Key.Part.BEGINNING ? beginnings : endings;
    }

    @Nullable Bucket find(Key.Strings key) {
        if (key.part() == Key.Part.ALL) {
            return equal.get(key.text());
        }
        AffixTree affixes = affixes(key);
        return affixes == null ? null : affixes.find(key.text());
    }

    void remove(Key.Strings key) {
        AffixTree affixes = affixes(key);
        if (key.part() == Key.Part.ALL) {
            equal.remove(key.text());
        } else if (affixes != null) {
            affixes.remove(key.text());
        }
    }

    void collect(String text, Scratch scratch) {
        Bucket bucket = equal.get(text);
        if (bucket != null) {
            bucket.collect(scratch);
        }
        AffixTree begun = beginnings;
        if (begun != null) {
            begun.collect(text, scratch);
        }
        AffixTree ended = endings;
        if (ended != null) {
            ended.collect(text, scratch);
        }
    }
}

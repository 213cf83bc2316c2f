package io.eventgateway.internal.filter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a {@link FilterIndex}: the tree of the paths that filters name, the entries, and where each entry
 * stands. They are made anew when much in them is of targets that are gone.
 *
 * <p>The lock of the index guards every change; readers take none.
 */
final class IndexTables<T> {
    /** The number of slots and ordinals of targets that are gone which is put up with. */
    private static final int WASTE = 1_024;

    final PathNode root = new PathNode(new Path(List.of(), 0));
    /** The entries that are tried for every event. */
    final Bucket always = new Bucket(0);

    final Map<String, Entry<T>> entries = new LinkedHashMap<>();
    int slots = 1;
    int ordinals;
    private int paths;

    /** Returns whether much in the tables is of targets that are gone. */
    boolean isWasteful() {
        return ordinals > 2 * entries.size() + WASTE || slots > 2 * paths + WASTE;
    }

    /** An entry for a table, whose paths are used from now on. */
    Entry<T> entry(T target, int ordinal, Condition condition, long errors) {
        Condition placed = condition.mapPaths(path -> placed(path));
        Path needed = Entry.neededFirst(placed);
        ErrorCount count = new ErrorCount(needed == null ? null : node(needed).absences(), errors);
        use(placed);
        return new Entry<>(target, ordinal, placed, count);
    }

    /** A path with its slot; nodes are made for what is new in it. */
    private Path placed(Path path) {
        PathNode node = root;
        for (int depth = 1; depth <= path.names().size(); depth++) {
            String name = path.names().get(depth - 1);
            PathNode next = node.child(name);
            if (next == null) {
                next = new PathNode(new Path(path.names().subList(0, depth), slots++));
                node.add(next);
            }
            node = next;
        }
        return node.path();
    }

    private void use(Condition condition) {
        condition.eachPath(path -> {
            PathNode node = root;
            for (String name : path.names()) {
                node = child(node, name);
                node.use();
            }
            paths++;
        });
    }

    /** The paths of a condition are used by one target less. */
    void release(Condition condition) {
        condition.eachPath(path -> {
            release(root, path.names(), 0);
            paths--;
        });
    }

    private static void release(PathNode node, List<String> names, int depth) {
        if (depth < names.size()) {
            PathNode next = child(node, names.get(depth));
            release(next, names, depth + 1);
            next.release(node);
        }
    }

    private static PathNode child(PathNode node, String name) {
        PathNode child = node.child(name);
        if (child == null) {
            throw new IllegalStateException("no node for '" + name + "' below " + node.path());
        }
        return child;
    }

    /** The node of a path that is in use. */
    PathNode node(Path path) {
        PathNode node = root;
        for (String name : path.names()) {
            node = child(node, name);
        }
        return node;
    }

    /** Puts an entry under the keys of a cover; null to have it tried for every event. */
    void enter(Entry<?> entry, @Nullable Cover cover, long events) {
        if (cover == null) {
            always.add(entry);
        } else {
            for (Key key : cover.keys()) {
                node(key.path()).bucket(key, events).add(entry);
            }
        }
    }

    /** Takes an entry out for good. */
    void leave(Entry<?> entry) {
        entry.goes();
        leave(entry, entry.current());
    }

    /** Takes an entry from the keys of a cover. */
    void leave(Entry<?> entry, @Nullable Cover cover) {
        if (cover == null) {
            always.remove(entry);
            return;
        }
        for (Key key : cover.keys()) {
            PathNode node = node(key.path());
            Bucket bucket = node.find(key);
            if (bucket != null) {
                bucket.remove(entry);
                if (bucket.isEmpty()) {
                    node.removeBucket(key);
                }
            }
        }
    }
}

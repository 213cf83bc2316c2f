package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.ValueTest.Range;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Buckets by ranges of numbers: an interval tree, which finds the ranges that have a number in them in time that depends on how
 * many those are, and on the logarithm of how many there are.
 *
 * <p>It is a treap (Seidel and Aragon, "Randomized Search Trees", 1996) ordered by lower bounds, in which each node knows the
 * largest upper bound below it. Nodes are immutable: a change copies the way to it, and readers keep the tree that they have seen.
 */
final class RangeTree {
    private record Node(
            Range range,
            Bucket bucket,
            int priority,
            @Nullable Node left,
            @Nullable Node right,
            @Nullable Num highest) {
        static Node of(Range range, Bucket bucket, int priority, @Nullable Node left, @Nullable Node right) {
            Num highest = range.high();
            if (left != null) {
                highest = higher(highest, left.highest);
            }
            if (right != null) {
                highest = higher(highest, right.highest);
            }
            return new Node(range, bucket, priority, left, right, highest);
        }

        Node with(@Nullable Node newLeft, @Nullable Node newRight) {
            return of(range, bucket, priority, newLeft, newRight);
        }
    }

    private volatile @Nullable Node root;

    /** The higher of two bounds, of which null is above all. */
    private static @Nullable Num higher(@Nullable Num one, @Nullable Num other) {
        if (one == null || other == null) {
            return null;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** The bucket of a range, made when there is none. */
    Bucket bucket(Range range, Supplier<Bucket> made) {
        Bucket known = find(range);
        if (known != null) {
            return known;
        }
        Bucket bucket = made.get();
        root = insert(root, range, bucket, ThreadLocalRandom.current().nextInt());
        return bucket;
    }

    /** The bucket of a range; null when there is none. */
    @Nullable Bucket find(Range range) {
        for (Node node = root; node != null; ) {
            int order = compare(range, node.range);
            if (order == 0) {
                return node.bucket;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    private static Node insert(@Nullable Node node, Range range, Bucket bucket, int priority) {
        if (node == null) {
            return Node.of(range, bucket, priority, null, null);
        }
        if (compare(range, node.range) < 0) {
            Node left = insert(node.left, range, bucket, priority);
            return left.priority > node.priority
                    ? left.with(left.left, node.with(left.right, node.right))
                    : node.with(left, node.right);
        }
        Node right = insert(node.right, range, bucket, priority);
        return right.priority > node.priority
                ? right.with(node.with(node.left, right.left), right.right)
                : node.with(node.left, right);
    }

    /** Takes out the bucket of a range. */
    void remove(Range range) {
        root = remove(root, range);
    }

    private static @Nullable Node remove(@Nullable Node node, Range range) {
        if (node == null) {
            return null;
        }
        int order = compare(range, node.range);
        if (order == 0) {
            return joined(node.left, node.right);
        }
        return order < 0
                ? node.with(remove(node.left, range), node.right)
                : node.with(node.left, remove(node.right, range));
    }

    private static @Nullable Node joined(@Nullable Node left, @Nullable Node right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return left.priority > right.priority
                ? left.with(left.left, joined(left.right, right))
                : right.with(joined(left, right.left), right.right);
    }

    boolean isEmpty() {
        return root == null;
    }

    /** Collects the ranges that have the number in them. */
    void collect(JsonNode number, Scratch scratch) {
        collect(root, number, scratch);
    }

    private static void collect(@Nullable Node start, JsonNode number, Scratch scratch) {
        for (Node node = start; node != null; ) {
            if (node.highest != null && Num.compare(number, node.highest) > 0) {
                return;
            }
            collect(node.left, number, scratch);
            Num low = node.range.low();
            if (low != null && Num.compare(number, low) < 0) {
                return;
            }
            if (node.range.contains(number)) {
                node.bucket.collect(scratch);
            }
            node = node.right;
        }
    }

    private static int compare(Range one, Range other) {
        int order = bounds(one.low(), other.low(), -1);
        if (order == 0) {
            order = Boolean.compare(one.lowIncluded(), other.lowIncluded());
        }
        if (order == 0) {
            order = bounds(one.high(), other.high(), 1);
        }
        return order != 0 ? order : Boolean.compare(one.highIncluded(), other.highIncluded());
    }

    /** How two bounds compare, of which null is on the given side of all. */
    private static int bounds(@Nullable Num one, @Nullable Num other, int none) {
        if (one == null) {
            return other == null ? 0 : none;
        }
        return other == null ? -none : one.compareTo(other);
    }
}

package io.eventgateway.internal.filter;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buckets by prefixes or suffixes of texts: a radix tree, whose way from the root spells a text from its beginning, or from its
 * end. What a text begins with is found in one walk, whose length does not depend on how many there are.
 *
 * <p>Written under the index's lock, read without. A node's label never changes; a node that splits is replaced in its parent's
 * children, which are replaced as a whole.
 */
final class AffixTree {
    private static final class Node {
        private static final Node[] NONE = {};

        /** In the order in which a walk reads its characters. */
        private final String label;

        private volatile Node[] children = NONE;
        private volatile @Nullable Bucket bucket;

        Node(String label) {
            this.label = label;
        }

        void insert(int place, Node child) {
            Node[] longer = new Node[children.length + 1];
            System.arraycopy(children, 0, longer, 0, place);
            longer[place] = child;
            System.arraycopy(children, place, longer, place + 1, children.length - place);
            children = longer;
        }

        void replace(int place, Node child) {
            Node[] copy = children.clone();
            copy[place] = child;
            children = copy;
        }

        void delete(int place) {
            Node[] shorter = Arrays.copyOf(children, children.length - 1);
            System.arraycopy(children, place + 1, shorter, place, shorter.length - place);
            children = shorter;
        }
    }

    private final boolean fromEnd;
    private final Node root = new Node("");

    AffixTree(boolean fromEnd) {
        this.fromEnd = fromEnd;
    }

    /** The bucket of a text, made when there is none. */
    Bucket bucket(String text, Supplier<Bucket> made) {
        String rest = reversedByChars(text);
        Node node = root;
        while (!rest.isEmpty()) {
            int place = place(node.children, rest.charAt(0));
            if (place < 0) {
                Node leaf = new Node(rest);
                node.insert(-place - 1, leaf);
                node = leaf;
                break;
            }
            Node child = node.children[place];
            int common = common(child.label, rest);
            if (common < child.label.length()) {
                Node lower = new Node(child.label.substring(common));
                lower.children = child.children;
                lower.bucket = child.bucket;
                Node upper = new Node(child.label.substring(0, common));
                upper.children = new Node[] {lower};
                node.replace(place, upper);
                child = upper;
            }
            rest = rest.substring(common);
            node = child;
        }
        Bucket known = node.bucket;
        if (known == null) {
            known = made.get();
            node.bucket = known;
        }
        return known;
    }

    /** The bucket of a text; null when there is none. */
    @Nullable Bucket find(String text) {
        String rest = reversedByChars(text);
        Node node = root;
        while (!rest.isEmpty()) {
            int place = place(node.children, rest.charAt(0));
            if (place < 0 || !rest.startsWith(node.children[place].label)) {
                return null;
            }
            node = node.children[place];
            rest = rest.substring(node.label.length());
        }
        return node.bucket;
    }

    /** Takes out the bucket of a text, and what of the tree led to it alone. */
    void remove(String text) {
        remove(root, reversedByChars(text));
    }

    private static void remove(Node node, String rest) {
        if (rest.isEmpty()) {
            node.bucket = null;
            return;
        }
        int place = place(node.children, rest.charAt(0));
        Node child = place < 0 ? null : node.children[place];
        if (child == null || !rest.startsWith(child.label)) {
            return;
        }
        remove(child, rest.substring(child.label.length()));
        if (child.bucket == null && child.children.length == 0) {
            node.delete(place);
        }
    }

    private static int common(String one, String other) {
        int most = Math.min(one.length(), other.length());
        int at = 0;
        while (at < most && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }

    /** Character by character, also where two make one code point: that is how {@link #collect} reads. */
    private String reversedByChars(String text) {
        if (!fromEnd) {
            return text;
        }
        char[] chars = text.toCharArray();
        for (int i = 0, j = chars.length - 1; i < j; i++, j--) {
            char c = chars[i];
            chars[i] = chars[j];
            chars[j] = c;
        }
        return new String(chars);
    }

    boolean isEmpty() {
        return root.bucket == null && root.children.length == 0;
    }

    /** Collects what the text begins with, or ends with. */
    void collect(String text, Scratch scratch) {
        Node node = root;
        int at = 0;
        while (true) {
            Bucket bucket = node.bucket;
            if (bucket != null) {
                bucket.collect(scratch);
            }
            if (at == text.length()) {
                return;
            }
            Node[] children = node.children;
            if (children.length == 0) {
                return;
            }
            int place = place(children, charAt(text, at));
            if (place < 0) {
                return;
            }
            node = children[place];
            String label = node.label;
            if (text.length() - at < label.length()) {
                return;
            }
            for (int i = 0; i < label.length(); i++) {
                if (label.charAt(i) != charAt(text, at + i)) {
                    return;
                }
            }
            at += label.length();
        }
    }

    private static int place(Node[] children, char first) {
        int low = 0;
        int high = children.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = children[middle].label.charAt(0) - first;
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private char charAt(String text, int at) {
        return fromEnd ? text.charAt(text.length() - 1 - at) : text.charAt(at);
    }
}

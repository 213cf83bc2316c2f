package io.eventgateway.invokers.weighted;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Chooses one of several functions by their weights.
 *
 * <p>By key it does so by weighted rendezvous hashing (Thaler and Ravishankar 1998; the logarithmic method for weights): each
 * function draws a number from the key and its own id, and the best score wins. When one weight changes, only keys that this
 * function gains or loses move.
 */
final class Choice {
    private final String[] ids;
    private final int[] weights;
    private final long[] seeds;
    private final int total;

    /**
     * A choice among functions.
     *
     * @param salt makes the draws of this choice its own: a group within a group that has the same function would otherwise draw the
     *     same number for it, and take keys of those that the other gave away for that very number
     */
    Choice(String salt, Map<String, Integer> members) {
        this.ids = members.keySet().toArray(String[]::new);
        this.weights = members.values().stream().mapToInt(Integer::intValue).toArray();
        this.seeds = new long[ids.length];
        int sum = 0;
        for (int i = 0; i < ids.length; i++) {
            seeds[i] = mixed(hash(salt) + 31 * hash(ids[i]));
            sum += weights[i];
        }
        this.total = sum;
    }

    /** Returns whether the test holds for every function that can be chosen. */
    boolean isEvery(Predicate<String> test) {
        for (String id : ids) {
            if (!test.test(id)) {
                return false;
            }
        }
        return true;
    }

    String atRandom(RandomGenerator random) {
        int point = random.nextInt(total);
        int i = 0;
        while (point >= weights[i]) {
            point -= weights[i];
            i++;
        }
        return ids[i];
    }

    String byKey(String key) {
        long keyHash = hash(key);
        int best = 0;
        double bestScore = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < ids.length; i++) {
            double drawn = unit(mixed(keyHash ^ seeds[i]));
            double score = weights[i] / -Math.log(drawn);
            if (score > bestScore) {
                best = i;
                bestScore = score;
            }
        }
        return ids[best];
    }

    /** A number in (0, 1) of a hash's upper 53 bits. */
    private static double unit(long hash) {
        return ((hash >>> 11) + 0.5) * 0x1.0p-53;
    }

    /** FNV-1a of 64 bits, then mixed: the same in every process and version, since a canary outlives a deployment. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

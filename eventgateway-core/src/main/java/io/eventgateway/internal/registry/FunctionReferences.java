package io.eventgateway.internal.registry;

import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which functions of a space call which, as groups call their members. Walks without recursion, so that no registration
 * overflows the stack.
 */
final class FunctionReferences {
    /** The most functions that one call may pass through: each takes some frames of the caller's stack. */
    static final int MAX_LEVELS = 16;

    private final Map<String, FunctionEntry> functions;

    FunctionReferences(Map<String, FunctionEntry> functions) {
        this.functions = functions;
    }

    /** Returns whether a function calls another, directly or through others. */
    boolean leadsTo(String from, String to) {
        Set<String> seen = new HashSet<>();
        ArrayDeque<String> left = new ArrayDeque<>(Set.of(from));
        while (!left.isEmpty()) {
            for (String reference : referencesOf(left.remove())) {
                if (reference.equals(to)) {
                    return true;
                }
                if (seen.add(reference)) {
                    left.add(reference);
                }
            }
        }
        return false;
    }

    /** Returns how many levels of functions these and what they call are; more than {@link #MAX_LEVELS} for any number beyond. */
    int levelsBelow(Set<String> called) {
        Set<String> level = called;
        int levels = 0;
        while (!level.isEmpty() && levels <= MAX_LEVELS) {
            levels++;
            Set<String> next = new HashSet<>();
            level.forEach(id -> next.addAll(referencesOf(id)));
            level = next;
        }
        return levels;
    }

    /** Returns how many levels of functions call a function; more than {@link #MAX_LEVELS} for any number beyond. */
    int levelsAbove(String called) {
        Set<String> level = callersOf(Set.of(called));
        int levels = 0;
        while (!level.isEmpty() && levels <= MAX_LEVELS) {
            levels++;
            level = callersOf(level);
        }
        return levels;
    }

    private Set<String> referencesOf(String functionId) {
        FunctionEntry entry = functions.get(functionId);
        return entry == null ? Set.of() : entry.references();
    }

    private Set<String> callersOf(Set<String> called) {
        Set<String> callers = new HashSet<>();
        functions.forEach((id, entry) -> {
            if (entry.references().stream().anyMatch(called::contains)) {
                callers.add(id);
            }
        });
        return callers;
    }
}

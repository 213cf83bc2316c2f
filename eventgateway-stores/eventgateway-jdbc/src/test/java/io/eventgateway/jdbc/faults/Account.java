package io.eventgateway.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.jdbc.faults.Journal.Kind;
import io.eventgateway.jdbc.faults.Journal.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What became of everything that was accepted in a run, from the journals of its processes. The lists have what should not have
 * happened, a text for each.
 *
 * @param accepted deliveries to functions that are called at least once
 * @param delivered how many of them were made
 * @param repeated how many of them were made more than once, which a fault may lead to
 * @param failures attempts that failed as they were to
 * @param uncalled at-most-once deliveries that were never begun, which a fault may lead to
 * @param lost what was accepted and never delivered
 * @param outOfOrder what began before its predecessor had ended, or beside another of its key
 * @param overLimit what began when as many as the limit allows were under way
 * @param twice at-most-once deliveries that began again
 * @param phantoms what was delivered though its transaction was rolled back
 * @param early what began before its time
 * @param afterEnd what began after {@code completion()} had said that it was delivered
 * @param unreplayed what the named replay left out
 * @param hanging emissions whose {@code completion()} did not end
 * @param stuck what a fresh gateway could not clear away
 */
record Account(
        long accepted,
        long delivered,
        long repeated,
        long failures,
        long uncalled,
        List<String> lost,
        List<String> outOfOrder,
        List<String> overLimit,
        List<String> twice,
        List<String> phantoms,
        List<String> early,
        List<String> afterEnd,
        List<String> unreplayed,
        List<String> hanging,
        List<String> stuck) {
    private static final Set<String> AT_LEAST_ONCE =
            Set.of(Workload.PLAIN, Workload.ORDERED, Workload.HELD, Workload.LIMITED);
    private static final Set<String> IN_ORDER = Set.of(Workload.ORDERED, Workload.HELD);
    private static final long EARLY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int SHOWN = 10;

    /** A call, from when it began to when it ended; to when its process was stopped, if it was in the middle of it. */
    private record Call(Line begin, long until) {
        long from() {
            return begin.nanos();
        }
    }

    /** When a process was stopped, from before the signal that stopped it to before the one that resumed it. */
    private record Stop(long from, long until) {}

    static Account of(List<Line> lines, boolean replays, List<String> stuck) {
        List<Line> accepted =
                all(lines, line -> line.kind() == Kind.ACCEPTED && AT_LEAST_ONCE.contains(line.function()));
        Map<String, Long> firstBegin = firsts(lines, Kind.BEGIN);
        Map<String, Long> firstOk = firsts(lines, Kind.OK);
        Map<String, Long> begins = counts(lines, Kind.BEGIN);
        Map<String, Long> oks = counts(lines, Kind.OK);
        List<Call> calls = calls(lines);
        List<String> outOfOrder = outOfOrder(accepted, firstBegin, firstOk);
        outOfOrder.addAll(overlaps(calls, IN_ORDER, line -> line.function() + " " + line.subject(), 1));
        return new Account(
                accepted.size(),
                accepted.stream()
                        .filter(line -> oks.containsKey(line.delivery()))
                        .count(),
                accepted.stream()
                        .filter(line -> oks.getOrDefault(line.delivery(), 0L) > 1)
                        .count(),
                all(lines, line -> line.kind() == Kind.FAILED).size(),
                all(
                                lines,
                                line -> line.kind() == Kind.ACCEPTED
                                        && line.function().equals(Workload.ONCE)
                                        && !begins.containsKey(line.delivery()))
                        .size(),
                texts(accepted, line -> !oks.containsKey(line.delivery())),
                outOfOrder,
                overlaps(calls, Set.of(Workload.LIMITED), Line::function, Workload.LIMIT),
                begins.entrySet().stream()
                        .filter(each -> each.getKey().startsWith(Workload.ONCE + " ") && each.getValue() > 1)
                        .map(Object::toString)
                        .toList(),
                texts(
                        lines,
                        line -> line.kind() == Kind.ROLLED_BACK
                                && (begins.containsKey(line.delivery())
                                        || begins.containsKey(Workload.REPLAYED + " " + line.id()))),
                texts(
                        lines,
                        line -> line.kind() == Kind.BEGIN
                                && line.notBefore() != 0
                                && line.nanos() < line.notBefore() - EARLY_NANOS),
                afterEnd(lines),
                replays
                        ? texts(
                                accepted,
                                line -> line.function().equals(Workload.ORDERED)
                                        && !oks.containsKey(Workload.REPLAYED + " " + line.id()))
                        : List.of(),
                texts(lines, line -> line.kind() == Kind.HANGING),
                stuck);
    }

    private static List<Line> all(List<Line> lines, Predicate<Line> condition) {
        return lines.stream().filter(condition).toList();
    }

    private static List<String> texts(List<Line> lines, Predicate<Line> condition) {
        return lines.stream().filter(condition).map(Line::toString).toList();
    }

    private static Map<String, Long> firsts(List<Line> lines, Kind kind) {
        return lines.stream()
                .filter(line -> line.kind() == kind)
                .collect(Collectors.toMap(Line::delivery, Line::nanos, Math::min));
    }

    private static Map<String, Long> counts(List<Line> lines, Kind kind) {
        return lines.stream()
                .filter(line -> line.kind() == kind)
                .collect(Collectors.groupingBy(Line::delivery, Collectors.counting()));
    }

    /** No event may begin before the one before it, of the same emitter and key, was taken, retries and redrives included. */
    private static List<String> outOfOrder(
            List<Line> accepted, Map<String, Long> firstBegin, Map<String, Long> firstOk) {
        Map<String, TreeMap<Long, Line>> queues = new HashMap<>();
        for (Line line : accepted) {
            if (IN_ORDER.contains(line.function())) {
                queues.computeIfAbsent(line.queue(), queue -> new TreeMap<>()).put(line.number(), line);
            }
        }
        List<String> found = new ArrayList<>();
        for (TreeMap<Long, Line> queue : queues.values()) {
            Line before = null;
            for (Line line : queue.values()) {
                Long begun = firstBegin.get(line.delivery());
                if (before != null && begun != null) {
                    Long taken = firstOk.get(before.delivery());
                    if (taken == null || begun < taken) {
                        found.add(line.delivery() + " began at " + begun + ", and " + before.id() + " was taken at "
                                + taken);
                    }
                }
                before = line;
            }
        }
        return found;
    }

    private static List<Call> calls(List<Line> lines) {
        List<Line> sorted = new ArrayList<>(lines);
        sorted.sort(Comparator.comparingLong(Line::nanos));
        Map<String, Long> lastLines = new HashMap<>();
        Map<String, List<Stop>> stops = new HashMap<>();
        for (Line line : sorted) {
            if (line.kind() == Kind.STOPPED) {
                stops.computeIfAbsent(line.worker(), worker -> new ArrayList<>())
                        .add(new Stop(line.nanos(), Long.MAX_VALUE));
            } else if (line.kind() == Kind.RESUMED) {
                List<Stop> known = stops.get(line.worker());
                known.set(known.size() - 1, new Stop(known.get(known.size() - 1).from(), line.nanos()));
            } else {
                lastLines.put(line.worker(), line.nanos());
            }
        }
        List<Call> calls = new ArrayList<>();
        Map<String, List<Line>> open = new HashMap<>();
        for (Line line : sorted) {
            String key = line.worker() + " " + line.delivery();
            if (line.kind() == Kind.BEGIN) {
                open.computeIfAbsent(key, call -> new ArrayList<>()).add(line);
            } else if (line.kind() == Kind.OK || line.kind() == Kind.FAILED) {
                calls.add(call(open.get(key).remove(0), line.nanos(), stops));
            }
        }
        open.values()
                .forEach(begun -> begun.forEach(line -> calls.add(call(line, lastLines.get(line.worker()), stops))));
        return calls;
    }

    private static Call call(Line begin, long ended, Map<String, List<Stop>> stops) {
        long until = stops.getOrDefault(begin.worker(), List.of()).stream()
                .filter(stop -> begin.nanos() < stop.until() && ended > stop.from())
                .map(stop -> Math.max(begin.nanos(), stop.from()))
                .findFirst()
                .orElse(ended);
        return new Call(begin, until);
    }

    private static List<String> overlaps(
            List<Call> calls, Set<String> functions, Function<Line, String> group, int limit) {
        List<String> found = new ArrayList<>();
        Map<String, List<Call>> groups = calls.stream()
                .filter(call -> functions.contains(call.begin().function()))
                .collect(Collectors.groupingBy(call -> group.apply(call.begin())));
        for (List<Call> each : groups.values()) {
            each.sort(Comparator.comparingLong(Call::from));
            List<Call> underWay = new ArrayList<>();
            for (Call call : each) {
                underWay.removeIf(other -> other.until() <= call.from());
                if (underWay.size() >= limit) {
                    found.add(call.begin() + " beside " + underWay);
                }
                underWay.add(call);
            }
        }
        return found;
    }

    private static List<String> afterEnd(List<Line> lines) {
        Map<String, Long> ends = firsts(lines, Kind.COMPLETED);
        return texts(
                lines,
                line -> line.kind() == Kind.BEGIN
                        && ends.containsKey(line.delivery())
                        && line.nanos() > ends.get(line.delivery()));
    }

    /** All that should not have happened, by its name. */
    private Map<String, List<String>> faults() {
        Map<String, List<String>> faults = new LinkedHashMap<>();
        faults.put("lost", lost);
        faults.put("out of order", outOfOrder);
        faults.put("over the limit", overLimit);
        faults.put("at most once twice", twice);
        faults.put("rolled back but delivered", phantoms);
        faults.put("early", early);
        faults.put("after its end", afterEnd);
        faults.put("not replayed", unreplayed);
        faults.put("hanging", hanging);
        faults.put("stuck", stuck);
        return faults;
    }

    /** The account in one line. */
    String line(String run) {
        return run + ": accepted " + accepted + ", delivered " + delivered + ", repeated " + repeated
                + faults().entrySet().stream()
                        .map(each ->
                                ", " + each.getKey() + " " + each.getValue().size())
                        .collect(Collectors.joining())
                + " (" + failures + " attempts failed and were made again, " + uncalled
                + " at-most-once deliveries were not begun)";
    }

    /** Prints the account, and fails when anything happened that should not. */
    void check(String run) {
        System.out.println(line(run));
        Map<String, List<String>> happened = new LinkedHashMap<>(faults());
        happened.values().removeIf(List::isEmpty);
        String shown = happened.entrySet().stream()
                .map(each -> each.getKey() + ":\n  "
                        + each.getValue().stream().limit(SHOWN).collect(Collectors.joining("\n  ")))
                .collect(Collectors.joining("\n"));
        assertThat(happened.keySet()).as(() -> line(run) + "\n" + shown).isEqualTo(new HashSet<>());
        assertThat(accepted).as("what was accepted").isPositive();
        assertThat(failures).as("attempts that failed").isPositive();
        // what was under way, or whose end was not written yet, at a fault
        assertThat(repeated).as("repeated").isLessThan(accepted / 2);
    }
}

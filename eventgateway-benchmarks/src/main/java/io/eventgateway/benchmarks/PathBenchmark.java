package io.eventgateway.benchmarks;

import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.http.PathPattern;
import io.eventgateway.internal.intake.ReplyEmitter;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.invocation.SystemEvents;
import io.eventgateway.internal.routing.PathTree;
import io.undertow.util.PathTemplateMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern.PathMatchInfo;
import org.springframework.web.util.pattern.PathPatternParser;

/** One of 1,000 paths, half of them with a parameter, resolved with what the parameter took. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class PathBenchmark {
    private static final int RESOURCES = 250;
    private static final int MASK = 1023;

    private final PathTree ours = new PathTree();
    private final PathTemplateMatcher<String> undertow = new PathTemplateMatcher<>();
    private final List<org.springframework.web.util.pattern.PathPattern> spring = new ArrayList<>();
    private final String[] requests = new String[MASK + 1];
    private int next;

    @Setup
    public void setUp() {
        PathPatternParser parser = new PathPatternParser();
        for (int i = 0; i < RESOURCES; i++) {
            String base = "/api/v1/resource" + i;
            for (String path : List.of(base, base + "/:id", base + "/:id/items", base + "/search")) {
                Subscription subscription =
                        Subscription.http("GET", path).function("f").build();
                Target target = Target.withoutLimits(
                        subscription,
                        new RegisteredFunction("default", "f", new SystemEvents("default", new ReplyEmitter())),
                        DeliveryPolicy.defaults());
                ours.put("GET", PathPattern.parse(path), target);
                String template = path.replace(":id", "{id}");
                undertow.add(template, template);
                spring.add(parser.parse(template));
            }
        }
        spring.sort(null);
        for (int i = 0; i <= MASK; i++) {
            String base = "/api/v1/resource" + (i * 31 % RESOURCES);
            requests[i] = switch (i % 4) {
                case 0 -> base;
                case 1 -> base + "/" + i;
                case 2 -> base + "/" + i + "/items";
                default -> base + "/search";
            };
        }
        if (eventGateway() == null || undertow() == null || springPathPattern() == null) {
            throw new IllegalStateException("every router must find its path");
        }
    }

    private String request() {
        return requests[next++ & MASK];
    }

    @Benchmark
    public PathTree.Match eventGateway() {
        return ours.match("GET", request());
    }

    @Benchmark
    public PathTemplateMatcher.PathMatchResult<String> undertow() {
        return undertow.match(request());
    }

    /** As Spring's handler mapping does it: every pattern is tried, the first that matches is the most specific. */
    @Benchmark
    public PathMatchInfo springPathPattern() {
        PathContainer path = PathContainer.parsePath(request());
        for (org.springframework.web.util.pattern.PathPattern pattern : spring) {
            PathMatchInfo match = pattern.matchAndExtract(path);
            if (match != null) {
                return match;
            }
        }
        return null;
    }
}

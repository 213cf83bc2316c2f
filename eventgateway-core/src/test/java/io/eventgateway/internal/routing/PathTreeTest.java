package io.eventgateway.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Subscription;
import io.eventgateway.internal.http.PathPattern;
import io.eventgateway.internal.http.PathPattern.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTreeTest {
    private final PathTree tree = new PathTree();

    private void subscribe(String method, String path) {
        subscribe(tree, method, path);
    }

    private static void subscribe(PathTree tree, String method, String path) {
        Subscription subscription =
                Subscription.http(method, path).function("f").build();
        tree.put(method, PathPattern.parse(path), Targets.of(subscription));
    }

    private String matched(String method, String path) {
        return matched(tree, method, path);
    }

    private static String matched(PathTree tree, String method, String path) {
        PathTree.Match match = tree.match(method, path);
        return match == null ? null : match.target().subscription().path();
    }

    @ParameterizedTest(name = "{0} takes {1}: {2}")
    @CsvSource({
        "/users, /users, true",
        "/users, /users/, false",
        "/users/, /users/, true",
        "/users/, /users, false",
        "/, /, true",
        "/, //, false",
        "/users/:id, /users/42, true",
        "/users/:id, /users/, false",
        "/users/:id, /users/42/, false",
        "/users/:id, /users/42/posts, false",
        "/users/:id/posts, /users/42/posts, true",
        "/users/:id/posts, /users//posts, false",
        "/files/*rest, /files/a, true",
        "/files/*rest, /files/a/b/c, true",
        "/files/*rest, /files/a/, true",
        "/files/*rest, /files/, false",
        "/files/*rest, /files, false",
        "/*rest, /a/b, true",
        "/*rest, /, false",
        "/a//b, /a//b, true",
        "/a//b, /a/b, false",
        "/a b, /a%20b, true",
        "/größe, /gr%C3%B6%C3%9Fe, true",
        "/a/:x, /a/b%2Fc, true",
        "/a/b/c, /a/b%2Fc, false",
        "/A, /a, false",
    })
    void matchesSegmentBySegment(String pattern, String path, boolean expected) {
        subscribe("GET", pattern);

        assertThat(matched("GET", path)).isEqualTo(expected ? pattern : null);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "/users/me, /users/me",
        "/users/42, /users/:id",
        "/users/me/posts, /users/:id/posts",
        "/users/me/likes, /users/*rest",
        "/users/42/likes, /users/*rest",
        "/users/me/drafts, /users/me/drafts",
        "/other, /*all",
    })
    void takesTheMostSpecificPositionByPositionAndGoesBack(String path, String expected) {
        subscribe("GET", "/*all");
        subscribe("GET", "/users/*rest");
        subscribe("GET", "/users/:id");
        subscribe("GET", "/users/:id/posts");
        subscribe("GET", "/users/me");
        subscribe("GET", "/users/me/drafts");

        assertThat(matched("GET", path)).isEqualTo(expected);
    }

    @Test
    void aSpecificPathOfAnotherMethodHidesNothing() {
        subscribe("GET", "/users/me");
        subscribe("DELETE", "/users/:id");

        assertThat(matched("DELETE", "/users/me")).isEqualTo("/users/:id");
        assertThat(matched("POST", "/users/me")).isNull();
        assertThat(tree.methods("/users/me")).containsExactly("DELETE", "GET");
        assertThat(tree.methods("/nothing")).isEmpty();
    }

    @Test
    void decodesWhatParametersTake() {
        subscribe("GET", "/:a/x/:b/*rest");

        assertThat(tree.match("GET", "/1%2F2/x/%C3%A9/r/s%20t%2Fu").params())
                .isEqualTo(Map.of("a", "1/2", "b", "é", "rest", "r/s t/u"));
    }

    @Test
    void aParameterNameIsThatOfThePatternThatWon() {
        subscribe("GET", "/users/:id/posts");
        subscribe("PUT", "/users/:name");

        assertThat(tree.match("GET", "/users/1/posts").params()).isEqualTo(Map.of("id", "1"));
        assertThat(tree.match("PUT", "/users/1").params()).isEqualTo(Map.of("name", "1"));
    }

    @Test
    void whatIsRemovedIsGoneAndNothingElse() {
        subscribe("GET", "/users/:id");
        subscribe("GET", "/users/:id/posts");
        subscribe("GET", "/users/*rest");

        tree.remove("GET", PathPattern.parse("/users/:id"));
        assertThat(matched("GET", "/users/1")).isEqualTo("/users/*rest");
        assertThat(matched("GET", "/users/1/posts")).isEqualTo("/users/:id/posts");

        tree.remove("GET", PathPattern.parse("/users/*rest"));
        assertThat(matched("GET", "/users/1")).isNull();

        tree.remove("GET", PathPattern.parse("/users/:id/posts"));
        assertThat(tree.methods("/users/1/posts")).isEmpty();
    }

    @Provide
    Arbitrary<Set<String>> patterns() {
        Arbitrary<String> segment = Arbitraries.of("a", "b", ":p", "");
        return segment.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .flatMap(segments -> Arbitraries.of("", "/*w").map(end -> path(segments) + end))
                .set()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("a", "b", "c", "")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(segments -> "/" + String.join("/", segments));
    }

    /** Parameters need names of their own. */
    private static String path(List<String> segments) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            path.append('/').append(segments.get(i).equals(":p") ? ":p" + i : segments.get(i));
        }
        return path.toString();
    }

    @Property
    void resolvesAsTheRuleSays(@ForAll("patterns") Set<String> patterns, @ForAll("paths") String path) {
        PathTree grown = new PathTree();
        patterns.forEach(pattern -> subscribe(grown, "GET", pattern));

        String expected = patterns.stream()
                .filter(pattern -> naiveParams(pattern, path) != null)
                .min(Comparator.comparing(PathTreeTest::specificity))
                .orElse(null);

        assertThat(matched(grown, "GET", path)).isEqualTo(expected);
        if (expected != null) {
            assertThat(grown.match("GET", path).params()).isEqualTo(naiveParams(expected, path));
        }
    }

    @Property
    void leavesNoTraceOfWhatWasRemoved(
            @ForAll("patterns") Set<String> stay, @ForAll("patterns") Set<String> go, @ForAll("paths") String path) {
        Set<String> gone = new HashSet<>(go);
        gone.removeAll(stay);
        PathTree fresh = new PathTree();
        PathTree pruned = new PathTree();
        stay.forEach(pattern -> subscribe(fresh, "GET", pattern));
        stay.forEach(pattern -> subscribe(pruned, "GET", pattern));
        gone.forEach(pattern -> subscribe(pruned, "GET", pattern));
        gone.forEach(pattern -> pruned.remove("GET", PathPattern.parse(pattern)));

        assertThat(matched(pruned, "GET", path)).isEqualTo(matched(fresh, "GET", path));
    }

    /** What each position is, most specific first, so that comparing these texts compares patterns position by position. */
    private static String specificity(String pattern) {
        StringBuilder text = new StringBuilder();
        for (Segment segment : PathPattern.parse(pattern).segments()) {
            text.append(segment instanceof Segment.Static ? 'a' : segment instanceof Segment.Parameter ? 'b' : 'c');
        }
        return text.toString();
    }

    private static Map<String, String> naiveParams(String pattern, String path) {
        List<Segment> segments = PathPattern.parse(pattern).segments();
        List<String> given = new ArrayList<>(List.of(path.substring(1).split("/", -1)));
        Map<String, String> params = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            if (i >= given.size()) {
                return null;
            }
            if (segments.get(i) instanceof Segment.Wildcard wildcard) {
                String rest = String.join("/", given.subList(i, given.size()));
                params.put(wildcard.name(), rest);
                return rest.isEmpty() ? null : params;
            }
            if (segments.get(i) instanceof Segment.Parameter parameter) {
                if (given.get(i).isEmpty()) {
                    return null;
                }
                params.put(parameter.name(), given.get(i));
            } else if (!((Segment.Static) segments.get(i)).text().equals(given.get(i))) {
                return null;
            }
        }
        return segments.size() == given.size() ? params : null;
    }
}

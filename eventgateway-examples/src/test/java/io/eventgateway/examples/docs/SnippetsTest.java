package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java block of the README and of {@code docs} is the text of a region of this module's sources, which a test compiles and
 * runs. Change the source, then run this class with {@code -Dsnippets.write=true}, which writes the regions into the pages.
 */
class SnippetsTest {
    private static final boolean WRITE = Boolean.getBoolean("snippets.write");

    static List<Path> pages() {
        return Snippets.pages();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyJavaBlockIsARegionOfCode(Path file) throws IOException {
        Page page = Page.read(file);
        Snippets snippets = Snippets.read();
        for (Page.Block block : page.javaBlocks()) {
            assertThat(block.marker())
                    .as("the line before %s:%d must be <!-- snippet: name -->", file, block.line())
                    .isNotNull();
        }
        if (WRITE) {
            Files.write(file, page.with(snippets));
            return;
        }
        for (Page.Block block : page.javaBlocks()) {
            assertThat(block.lines())
                    .as("%s:%d; -Dsnippets.write=true writes the page anew", file, block.line())
                    .isEqualTo(snippets.lines(String.valueOf(block.marker())));
        }
    }

    @Test
    void everyRegionIsOnAPage() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (Path file : Snippets.pages()) {
            Page.read(file).javaBlocks().forEach(block -> shown.add(String.valueOf(block.marker())));
        }

        assertThat(shown).containsAll(Snippets.read().names());
    }

    @Test
    void thePictureIsTheSameInLightAndDark() throws IOException {
        Path images = Path.of("..", "docs", "images");
        String light = Files.readString(images.resolve("way-of-an-event-light.svg"));
        String dark = Files.readString(images.resolve("way-of-an-event-dark.svg"));

        assertThat(withoutColours(light)).isEqualTo(withoutColours(dark));
        assertThat(light).isNotEqualTo(dark);
    }

    private static String withoutColours(String svg) {
        return svg.replaceAll("#[0-9a-f]{6}", "#");
    }

    @Test
    void aRegionLosesItsIndentationAndTheCommentsThatMarkIt() {
        Snippets snippets = Snippets.of(
                "A.java",
                List.of(
                        "class A {",
                        "    // tag::outer[]",
                        "    int a;",
                        "",
                        "        // tag::inner[]",
                        "        int b;",
                        "        // end::inner[]",
                        "    // end::outer[]",
                        "    int c;",
                        "    // tag::outer[]",
                        "    int d;",
                        "    // end::outer[]",
                        "}"));

        assertThat(snippets.lines("outer")).containsExactly("int a;", "", "    int b;", "int d;");
        assertThat(snippets.lines("inner")).containsExactly("int b;");
        assertThatThrownBy(() -> snippets.lines("other")).hasMessageContaining("no region 'other'");
        assertThatThrownBy(() -> Snippets.of("A.java", List.of("// tag::a[]"))).hasMessageContaining("don't end");
        assertThatThrownBy(() -> Snippets.of("A.java", List.of("// end::a[]"))).hasMessageContaining("not begun");
    }

    @Test
    void aPageIsWrittenAnewWhereItHasMarkers() {
        Page page = Page.of(
                List.of("# A", "<!-- snippet: a -->", "```java", "old", "older", "```", "text", "```java", "x", "```"));
        Snippets snippets = Snippets.of("A.java", List.of("// tag::a[]", "new", "// end::a[]"));

        assertThat(page.blocks()).extracting(Page.Block::marker).containsExactly("a", null);
        assertThat(page.with(snippets))
                .containsExactly("# A", "<!-- snippet: a -->", "```java", "new", "```", "text", "```java", "x", "```");
    }
}

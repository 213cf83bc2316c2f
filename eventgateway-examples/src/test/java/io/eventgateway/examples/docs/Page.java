package io.eventgateway.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A page of the documentation, in parts: fenced blocks and the text between them. */
final class Page {
    private static final Pattern MARKER = Pattern.compile("<!-- (snippet|output): ([a-z0-9-]+) -->");
    private static final String FENCE = "```";

    /**
     * A fenced block.
     *
     * @param line where it begins, counted from 1
     * @param language what stands behind the fence; empty for nothing
     * @param marker what the comment right before it names; null when there is none
     */
    record Block(int line, String language, @Nullable String marker, List<String> lines) {}

    private final Path file;
    private final List<String> lines;

    private Page(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    static Page read(Path file) throws IOException {
        return new Page(file, Files.readAllLines(file));
    }

    static Page of(List<String> lines) {
        return new Page(Path.of("page.md"), lines);
    }

    /** Returns the fenced blocks in their order. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(FENCE)) {
                int end = end(i);
                Matcher marker = MARKER.matcher(i == 0 ? "" : lines.get(i - 1));
                blocks.add(new Block(
                        i + 1,
                        lines.get(i).substring(FENCE.length()),
                        marker.matches() ? marker.group(2) : null,
                        lines.subList(i + 1, end)));
                i = end;
            }
        }
        return blocks;
    }

    /** Returns the blocks of Java. */
    List<Block> javaBlocks() {
        return blocks().stream()
                .filter(block -> block.language().equals("java"))
                .toList();
    }

    private int end(int fence) {
        for (int i = fence + 1; i < lines.size(); i++) {
            if (lines.get(i).equals(FENCE)) {
                return i;
            }
        }
        throw new IllegalStateException(file + ":" + (fence + 1) + ": the block does not end");
    }

    /** Returns the lines of the page with each marked Java block replaced by its snippet. */
    List<String> with(Snippets snippets) {
        List<String> changed = new ArrayList<>();
        int from = 0;
        for (Block block : javaBlocks()) {
            if (block.marker() != null) {
                changed.addAll(lines.subList(from, block.line()));
                changed.addAll(snippets.lines(block.marker()));
                from = block.line() + block.lines().size();
            }
        }
        changed.addAll(lines.subList(from, lines.size()));
        return changed;
    }

    /** Returns what the page shows as the output of a program: the block that is marked with the name. */
    static String output(String page, String name) throws IOException {
        return read(Path.of("..", page)).blocks().stream()
                .filter(block ->
                        name.equals(block.marker()) && !block.language().equals("java"))
                .map(block -> String.join("\n", block.lines()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(page + " has no block marked output: " + name));
    }
}

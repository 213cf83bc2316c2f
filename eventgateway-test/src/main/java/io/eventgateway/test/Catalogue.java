package io.eventgateway.test;

import io.eventgateway.EventGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The catalogue of a gateway's space: its AsyncAPI document, which a test writes at build time, and compares with the one that is
 * committed, to say which change breaks whom.
 *
 * <pre>{@code
 * Catalogue catalogue = Catalogue.of(gateway);
 * catalogue.writeTo(Path.of("target/asyncapi.json"));
 * catalogue.assertBreaksNobody(Path.of("src/main/asyncapi.json"));
 * }</pre>
 *
 * <p>Immutable: it is what the gateway was when it was asked.
 */
public final class Catalogue {
    private final String document;
    private final EventGateway gateway;

    private Catalogue(String document, EventGateway gateway) {
        this.document = document;
        this.gateway = gateway;
    }

    /** The catalogue of a gateway, with the title and the version that {@code describe().asyncApi()} has. */
    public static Catalogue of(EventGateway gateway) {
        return new Catalogue(gateway.describe().asyncApi(), gateway);
    }

    /** The catalogue of a gateway, with a title and a version. */
    public static Catalogue of(EventGateway gateway, String title, String version) {
        return new Catalogue(gateway.describe().asyncApi(title, version), gateway);
    }

    /**
     * Writes the document, and the folders above it that there are not yet.
     *
     * @return this
     * @throws UncheckedIOException if it can't be written
     */
    public Catalogue writeTo(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, document, StandardCharsets.UTF_8);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("the catalogue could not be written to " + file, e);
        }
    }

    /**
     * A change since a catalogue was committed.
     *
     * @param what what changed, as a sentence
     * @param breaks the subscriptions and functions that it breaks, for people; empty when it breaks nobody
     */
    public record Change(String what, List<String> breaks) {
        /** Copies the list. */
        public Change {
            Objects.requireNonNull(what, "what");
            breaks = List.copyOf(breaks);
        }

        @Override
        public String toString() {
            return breaks.isEmpty() ? what : what + "; this breaks " + String.join(", ", breaks);
        }
    }

    /**
     * The changes since a catalogue was committed: types, emissions and subscriptions that are gone or new, and schemas that changed.
     *
     * @throws AssertionError if there is no such file, or it has no AsyncAPI document
     */
    public List<Change> changesSince(Path committed) {
        return new CatalogueChanges(read(committed), JsonMapper.shared().readTree(document), gateway).all();
    }

    /**
     * Asserts that no change since a catalogue was committed breaks a subscription or a function; the failure lists those that do.
     *
     * @return this
     * @throws AssertionError if one does, or there is no such file
     */
    public Catalogue assertBreaksNobody(Path committed) {
        List<Change> breaking = changesSince(committed).stream()
                .filter(change -> !change.breaks().isEmpty())
                .toList();
        if (!breaking.isEmpty()) {
            throw new AssertionError("since " + committed + " was committed:\n" + lines(breaking) + "\n"
                    + "write this catalogue there and commit it, if that is meant");
        }
        return this;
    }

    /**
     * Asserts that the document is the one that is committed; the failure lists what changed.
     *
     * @return this
     * @throws AssertionError if it is another, or there is no such file
     */
    public Catalogue assertSameAs(Path committed) {
        JsonNode before = read(committed);
        if (!before.equals(JsonMapper.shared().readTree(document))) {
            List<Change> changes = changesSince(committed);
            throw new AssertionError("since " + committed + " was committed:\n"
                    + (changes.isEmpty() ? "  descriptions, owners or the like changed" : lines(changes)) + "\n"
                    + "write this catalogue there and commit it, if that is meant");
        }
        return this;
    }

    private static String lines(List<Change> changes) {
        return changes.stream().map(change -> "  " + change).collect(Collectors.joining("\n"));
    }

    private static JsonNode read(Path committed) {
        if (!Files.exists(committed)) {
            throw new AssertionError(
                    "there is no catalogue " + committed + " to compare with; write this one there and commit it");
        }
        try {
            JsonNode tree = JsonMapper.shared().readTree(Files.readString(committed, StandardCharsets.UTF_8));
            if (tree.path("asyncapi").isString()) {
                return tree;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the catalogue " + committed + " could not be read", e);
        } catch (JacksonException e) {
            throw new AssertionError(committed + " is no JSON", e);
        }
        throw new AssertionError(committed + " is no AsyncAPI document: it lacks the member 'asyncapi'");
    }

    /** The document, as JSON. */
    @Override
    public String toString() {
        return document;
    }
}

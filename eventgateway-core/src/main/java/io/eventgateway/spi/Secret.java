package io.eventgateway.spi;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.eventgateway.InvocationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text in the configuration of a function that may be secret: a component of an invoker's configuration record. An immutable value,
 * whose {@code toString} never shows the text.
 *
 * <p>The text may refer to secrets that are kept elsewhere, as {@code ${env:NAME}} or {@code ${file:/run/secrets/name}}; stores keep the
 * reference alone. A dollar sign before such a beginning, as in {@code "$$"} and a brace, has the reference stand for itself.
 */
public final class Secret {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z][A-Za-z0-9-]*):([^${}]+)}|\\$\\{");
    private static final List<Secrets> NONE = List.of();

    /** A part of the text: itself, or a name that a source resolves. */
    private record Part(String text, @Nullable Secrets source) {}

    private final String written;
    private final List<Part> parts;

    private Secret(String written, List<Part> parts) {
        this.written = written;
        this.parts = List.copyOf(parts);
    }

    /**
     * A text without references.
     *
     * @throws IllegalArgumentException if it has one
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Secret of(String text) {
        return of(text, NONE);
    }

    /**
     * A text, and where what it refers to is resolved.
     *
     * @throws IllegalArgumentException if there is no source for a reference; the message has its scheme and not the text
     */
    public static Secret of(String text, Collection<Secrets> sources) {
        Map<String, Secrets> byScheme = new TreeMap<>();
        sources.forEach(source -> byScheme.put(source.scheme(), source));
        List<Part> parts = new ArrayList<>(1);
        Matcher found = REFERENCE.matcher(text);
        int end = 0;
        while (found.find()) {
            parts.add(new Part(text.substring(end, found.start()), null));
            end = found.end();
            if (found.group().equals("$${")) {
                parts.add(new Part("${", null));
                continue;
            }
            String scheme = found.group(1);
            if (scheme == null) {
                throw new IllegalArgumentException(
                        "has a '${' that begins no reference such as ${env:NAME}; '$${' stands for it");
            }
            Secrets source = byScheme.get(scheme);
            if (source == null) {
                throw new IllegalArgumentException(
                        "refers to a secret of the unknown scheme '" + scheme + "'; known are " + byScheme.keySet());
            }
            parts.add(new Part(found.group(2), source));
        }
        parts.add(new Part(text.substring(end), null));
        return new Secret(text, parts);
    }

    /**
     * The text, with what it refers to as that is now.
     *
     * @throws InvocationException {@code CALL_FAILED}, retryable, if a secret is missing or can't be read
     */
    public String value() {
        StringBuilder value = new StringBuilder();
        for (Part part : parts) {
            value.append(part.source() == null ? part.text() : resolved(part.source(), part.text()));
        }
        return value.toString();
    }

    private static String resolved(Secrets source, String name) {
        String reference = "${" + source.scheme() + ":" + name + "}";
        String secret;
        try {
            secret = source.resolve(name);
        } catch (Exception e) { // its message might tell the secret
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "the secret " + reference + " can't be read: "
                            + e.getClass().getName());
        }
        if (secret == null) {
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED, true, "the secret " + reference + " is missing");
        }
        return secret;
    }

    /** Returns whether the text refers to secrets that are kept elsewhere. */
    public boolean isReference() {
        return parts.stream().anyMatch(part -> part.source() != null);
    }

    /** Returns whether the text is the same, as it is written. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && written.equals(that.written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}

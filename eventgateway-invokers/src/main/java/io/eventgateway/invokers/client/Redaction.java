package io.eventgateway.invokers.client;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * What must not be read in a message about a request: the values of its headers, but those that every event has, the user, path and query of its
 * URL, and what else its sender names; as they are, and as others may write them (percent-encoded, in hexadecimal, in base64 also as a part of more, in JSON). An immutable
 * value.
 */
final class Redaction {
    private static final String SHOWN = "***";
    /** Shorter texts are found in any text, and would hide it without hiding a secret. */
    private static final int SHORTEST = 4;
    /** A segment of a path that is a word is shorter, or is a token. */
    private static final int LONGEST_WORD = 15;

    private static final Set<String> HARMLESS = Set.of(
            "accept",
            "accept-encoding",
            "cache-control",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "webhook-id",
            "webhook-timestamp",
            "webhook-request-origin",
            "webhook-request-rate",
            "traceparent",
            "tracestate");

    private final List<Pattern> hidden;

    private Redaction(Set<String> hidden) {
        this.hidden = hidden.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Redaction::pattern)
                .toList();
    }

    /** What must not be read about a request; made when a message is made, since most requests need none. */
    static Redaction of(Request request, Set<String> more) {
        Set<String> secrets = new HashSet<>(more);
        addHeaders(request.headers(), secrets);
        addUrl(request.url(), secrets);
        Set<String> hidden = new TreeSet<>();
        for (String secret : secrets) {
            addForms(secret, hidden);
        }
        return new Redaction(hidden);
    }

    String apply(String text) {
        String redacted = text;
        for (Pattern secret : hidden) {
            redacted = secret.matcher(redacted).replaceAll(SHOWN);
        }
        return redacted;
    }

    private static void addHeaders(Headers headers, Set<String> secrets) {
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            if (!HARMLESS.contains(name) && !name.startsWith("ce-")) {
                addHeader(headers.value(i), secrets);
            }
        }
    }

    private static void addHeader(String value, Set<String> secrets) {
        secrets.add(value);
        for (String part : value.split("[\\s;,]+", -1)) { // a scheme and a token, or several cookies
            secrets.add(part);
            secrets.add(part.substring(part.indexOf('=') + 1));
        }
        if (value.regionMatches(true, 0, "Basic ", 0, 6)) {
            addBasic(value.substring(6).strip(), secrets);
        }
    }

    private static void addBasic(String encoded, Set<String> secrets) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            secrets.add(pair);
            int colon = pair.indexOf(':');
            secrets.add(pair.substring(0, Math.max(0, colon)));
            secrets.add(pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            secrets.add(encoded); // it is no base64, and secret all the same
        }
    }

    private static void addUrl(HttpUrl url, Set<String> secrets) {
        secrets.add(url.username());
        secrets.add(url.password());
        for (String segment : url.pathSegments()) {
            if (!isWord(segment)) {
                secrets.add(segment);
            }
        }
        for (int i = 0; i < url.querySize(); i++) {
            addIfPresent(url.queryParameterValue(i), secrets);
            if (url.queryParameterValue(i) == null) {
                secrets.add(url.queryParameterName(i));
            }
        }
        addIfPresent(url.encodedQuery(), secrets);
    }

    private static boolean isWord(String segment) {
        return segment.length() <= LONGEST_WORD && segment.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '-');
    }

    private static void addIfPresent(@Nullable String secret, Set<String> secrets) {
        if (secret != null) {
            secrets.add(secret);
        }
    }

    private static void addForms(String secret, Set<String> hidden) {
        if (secret.length() < SHORTEST) {
            return;
        }
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        hidden.add(secret);
        hidden.add(decoded(secret));
        hidden.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        hidden.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        for (int before = 0; before < 3; before++) {
            addWithin(Base64.getEncoder(), bytes, before, hidden);
            addWithin(Base64.getUrlEncoder(), bytes, before, hidden);
        }
        hidden.add(HexFormat.of().formatHex(bytes));
        hidden.add(HexFormat.of().withUpperCase().formatHex(bytes));
    }

    /** Adds the characters of base64 that stand for a secret alone, where it is a part of more and begins at such a place of a group of three. */
    private static void addWithin(Base64.Encoder base64, byte[] secret, int before, Set<String> hidden) {
        byte[] more = new byte[before + secret.length];
        System.arraycopy(secret, 0, more, before, secret.length);
        int from = (before * 8 + 5) / 6;
        int to = more.length * 8 / 6;
        hidden.add(base64.withoutPadding().encodeToString(more).substring(from, to));
    }

    /** Finds a text whose characters are as they are, percent-encoded, or, but for letters and digits, escaped by a backslash. */
    private static Pattern pattern(String secret) {
        StringBuilder pattern = new StringBuilder(secret.length() * 2);
        secret.codePoints().forEach(c -> {
            String literal = Character.toString(c);
            if (c < 0x80 && Character.isLetterOrDigit(c)) {
                pattern.append("(?:").append(literal).append(String.format(Locale.ROOT, "|(?i:%%%02x))", c));
                return;
            }
            pattern.append("(?:\\\\?").append(Pattern.quote(literal)).append("|(?i:");
            for (byte b : literal.getBytes(StandardCharsets.UTF_8)) {
                pattern.append(String.format(Locale.ROOT, "%%%02x", b & 0xff));
            }
            pattern.append(c == ' ' ? ")|\\+)" : "))");
        });
        return Pattern.compile(pattern.toString());
    }

    private static String decoded(String secret) {
        try {
            String decoded = URLDecoder.decode(secret, StandardCharsets.UTF_8);
            return decoded.length() < SHORTEST ? secret : decoded;
        } catch (IllegalArgumentException e) {
            return secret; // it is not percent-encoded
        }
    }
}

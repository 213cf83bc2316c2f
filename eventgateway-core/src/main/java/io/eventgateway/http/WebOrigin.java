package io.eventgateway.http;

import io.eventgateway.internal.http.ShownText;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The origins of pages as browsers write them: scheme, host and a port that is not the scheme's own (RFC 6454, section 6.1). */
final class WebOrigin {
    private static final Pattern ORIGIN = Pattern.compile(
            "([a-z][a-z0-9+.-]*)://((?:\\*\\.)?(?:[a-z0-9_.-]+|\\[[0-9a-f:.]+]))(?::([0-9]{1,5}|\\*))?");
    /** An URL: what stands before its host, the user in that, the host with its port, and what follows. */
    private static final Pattern URL = Pattern.compile("([^:/?#]+://)([^/?#]*@)?([^@/?#]+)([/?#].*)?");

    private static final int LAST_PORT = 65_535;
    private static final String ANY_PORT = ":*";

    private WebOrigin() {}

    /**
     * The origins that a policy has: one, those of every subdomain, or those of every port.
     *
     * @throws IllegalArgumentException if no browser sends such an origin
     */
    static String pattern(String origin) {
        String normal = normal(origin);
        if (normal == null) {
            throw new IllegalArgumentException(refusal(origin));
        }
        return normal;
    }

    /** The origin that a request has; null when that is none, such as {@code null}. */
    static @Nullable String sent(String origin) {
        return origin.indexOf('*') >= 0 ? null : normal(origin);
    }

    /** The origin in lower case, without the port that is its scheme's own; null when it is none. */
    private static @Nullable String normal(String origin) {
        Matcher parts = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return null;
        }
        String withoutPort = parts.group(1) + "://" + parts.group(2);
        String port = parts.group(3);
        if (port == null) {
            return withoutPort;
        }
        if (port.equals("*")) {
            return withoutPort + ANY_PORT;
        }
        int number = Integer.parseInt(port);
        if (number > LAST_PORT) {
            return null;
        }
        return number == ownPort(parts.group(1)) ? withoutPort : withoutPort + ":" + number;
    }

    /** The port that the URLs of a scheme have when they name none (URL standard, section 4.2); -1 for none. */
    private static int ownPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }

    private static String refusal(String origin) {
        Matcher url = URL.matcher(origin);
        String was = ", was '" + ShownText.of(origin) + "'";
        if (url.matches()) {
            String sent = "browsers send " + ShownText.of(url.group(1) + url.group(3));
            if (url.group(2) != null) { // what is not shown may be a password
                return "origin must have no user: " + sent;
            }
            String rest = url.group(4);
            if (rest != null) {
                String part = rest.startsWith("/") ? "path" : rest.startsWith("?") ? "query" : "fragment";
                return "origin must have no " + part + ": " + sent + was;
            }
            if (url.group(3).matches(".*:[0-9]+")) {
                return "origin must have a port of 0 to " + LAST_PORT + was;
            }
        }
        return "origin must be '*', or a scheme, a host and a port at most, such as https://app.example.com or"
                + " https://*.example.com, a host that is not ASCII in its form with xn--" + was;
    }

    /** Returns whether a pattern has an origin that was {@linkplain #sent sent}. */
    static boolean matches(String pattern, String origin) {
        if (pattern.equals(origin)) {
            return true;
        }
        String withPort = pattern;
        String of = origin;
        if (pattern.endsWith(ANY_PORT)) {
            int port = origin.lastIndexOf(':');
            boolean hasPort = port > origin.indexOf("://") && origin.indexOf(']', port) < 0;
            withPort = pattern.substring(0, pattern.length() - ANY_PORT.length());
            of = hasPort ? origin.substring(0, port) : origin;
        }
        int star = withPort.indexOf("*.");
        if (star < 0) {
            return withPort.equals(of);
        }
        String scheme = withPort.substring(0, star);
        String domain = withPort.substring(star + 1); // with its dot, so that a domain which only ends alike is another
        return of.startsWith(scheme) && of.endsWith(domain) && of.length() > scheme.length() + domain.length();
    }
}

package io.eventgateway.invokers.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Hosts of URLs that are addresses (the WHATWG's URL Standard, section 3.5: a host that ends in a number is one). */
final class HostAddress {
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

    private HostAddress() {}

    /** A host as URLs and messages have it: IPv6 in brackets. */
    static String written(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** Returns whether a host is an address in some form, rather than a name. */
    static boolean isNumeric(String host) {
        return host.indexOf(':') >= 0 || ENDS_IN_NUMBER.matcher(host).matches();
    }

    /**
     * The address that a numeric host is.
     *
     * @throws UnknownHostException if it is in a form that others might read otherwise: decimal, octal, hexadecimal or short
     */
    static InetAddress parse(String host) throws UnknownHostException {
        if (host.indexOf(':') < 0 && !IPV4.matcher(host).matches()) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getByName(host);
    }
}

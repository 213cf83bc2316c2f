package io.eventgateway.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A block of IPv4 or IPv6 addresses, in CIDR notation (RFC 4632, RFC 4291). An immutable value. */
public final class AddressBlock {
    private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*");
    private static final int LONGEST_ADDRESS = 45;

    private final String written;
    private final byte[] network;
    private final int bits;

    private AddressBlock(String written, byte[] network, int bits) {
        this.written = written;
        this.network = network;
        this.bits = bits;
    }

    /**
     * A block from its notation.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static AddressBlock parse(String written) {
        int slash = written.indexOf('/');
        byte[] network = slash < 0 ? null : address(written.substring(0, slash));
        if (network != null) {
            try {
                int bits = Integer.parseInt(written.substring(slash + 1));
                if (bits >= 0 && bits <= network.length * 8) {
                    return new AddressBlock(written, network, bits);
                }
            } catch (NumberFormatException e) {
                // the refusal below says what would be accepted
            }
        }
        throw new IllegalArgumentException("'" + written + "', which is no block such as 10.0.0.0/8 or 2001:db8::/32");
    }

    /** The block of one address; null if the text is no address. */
    public static @Nullable AddressBlock ofOne(String text) {
        byte[] address = address(text);
        return address == null ? null : new AddressBlock(text, address, address.length * 8);
    }

    /** Returns whether an address, as it is written, is in the block; a text that is no address is not. */
    public boolean contains(String text) {
        byte[] address = address(text);
        return address != null && contains(address);
    }

    /** Returns whether an address is in the block: 4 bytes or 16, the first of them the highest (RFC 791, RFC 4291). */
    public boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((address[whole] ^ network[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }

    private static byte @Nullable [] address(String text) {
        if (text.length() > LONGEST_ADDRESS || text.isEmpty()) {
            return null;
        }
        boolean numeric = Character.digit(text.charAt(0), 16) >= 0 || text.charAt(0) == ':';
        if (!numeric) {
            return null;
        }
        Matcher octets = IPV4.matcher(text);
        return octets.matches() ? ipv4(octets) : IPV6.matcher(text).matches() ? ipv6(text) : null;
    }

    private static byte @Nullable [] ipv4(Matcher octets) {
        byte[] address = new byte[4];
        for (int i = 0; i < address.length; i++) {
            int octet = Integer.parseInt(octets.group(i + 1));
            if (octet > 255) {
                return null;
            }
            address[i] = (byte) octet;
        }
        return address;
    }

    /** With a colon in it, a text is an address or is refused; anything else the JDK would ask the name service for. */
    private static byte @Nullable [] ipv6(String text) {
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null; // it looks like an address and is none
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressBlock that && bits == that.bits && Arrays.equals(network, that.network);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(network) * 31 + bits;
    }

    @Override
    public String toString() {
        return written;
    }
}

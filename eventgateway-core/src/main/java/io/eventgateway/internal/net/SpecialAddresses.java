package io.eventgateway.internal.net;

import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that are not for the public: those of IANA's registries of special-purpose addresses (RFC 6890 and what has been added
 * since) that are not globally reachable, and multicast.
 */
public final class SpecialAddresses {
    private static final int IPV4_BYTES = 4;

    private static final List<AddressBlock> IPV4 = Stream.of(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8", // private use
                    "100.64.0.0/10", // shared between carriers and their customers
                    "127.0.0.0/8", // loopback
                    "169.254.0.0/16", // link-local, with the metadata services of clouds
                    "172.16.0.0/12", // private use
                    "192.0.0.0/24", // protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.88.99.0/24", // relays of 6to4
                    "192.168.0.0/16", // private use
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4") // reserved, and broadcast
            .map(AddressBlock::parse)
            .toList();

    /** The only addresses of IPv6 that are given out for the public. */
    private static final AddressBlock IPV6_GIVEN_OUT = AddressBlock.parse("2000::/3");

    private static final List<AddressBlock> IPV6 = Stream.of(
                    "2001::/23", // protocol assignments, with Teredo, which carries an address of IPv4
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4, which carries an address of IPv4
                    "3fff::/20") // documentation
            .map(AddressBlock::parse)
            .toList();

    private SpecialAddresses() {}

    /**
     * Returns whether an address is public. An address of IPv4 in one of IPv6 is not, since nobody needs to write it so; the JDK makes an
     * IPv4 address of a mapped one before.
     */
    public static boolean isPublic(byte[] address) {
        return address.length == IPV4_BYTES
                ? IPV4.stream().noneMatch(block -> block.contains(address))
                : IPV6_GIVEN_OUT.contains(address) && IPV6.stream().noneMatch(block -> block.contains(address));
    }
}

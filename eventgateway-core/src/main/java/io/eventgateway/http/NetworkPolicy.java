package io.eventgateway.http;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.internal.net.AddressBlock;
import io.eventgateway.internal.net.SpecialAddresses;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The places that functions elsewhere may be called at, so that a URL that somebody else wrote can't reach what only this machine can
 * reach (server-side request forgery, CWE-918). An immutable value.
 *
 * <p>It is held against the address that a connection is about to be made to, after the name is resolved, so that neither a way of writing
 * an address nor a name that resolves to another one each time goes round it. An address that is denied is refused, whatever else is
 * allowed; an address that is allowed may be called even where only public ones may.
 */
public final class NetworkPolicy {
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int MAX_PORT = 65_535;
    private static final NetworkPolicy ANYWHERE = builder().build();
    private static final NetworkPolicy PUBLIC_ONLY = builder().publicOnly().build();

    private final boolean publicOnly;
    private final List<AddressBlock> allowed;
    private final List<AddressBlock> denied;
    private final Set<String> schemes;
    private final Set<Integer> ports;

    private NetworkPolicy(Builder builder) {
        this.publicOnly = builder.publicOnly;
        this.allowed = List.copyOf(builder.allowed);
        this.denied = List.copyOf(builder.denied);
        this.schemes = Set.copyOf(builder.schemes);
        this.ports = Set.copyOf(builder.ports);
    }

    /** The policy that refuses nothing: http and https, any address, any port. For functions that only whoever runs the application registers. */
    public static NetworkPolicy anywhere() {
        return ANYWHERE;
    }

    /**
     * The policy that refuses every address that is not public: loopback, private, link-local (with the metadata services of clouds),
     * shared, multicast, reserved and documentation addresses, and those of IPv6 that carry an address of IPv4 (IANA's special-purpose
     * address registries, RFC 6890).
     */
    public static NetworkPolicy publicOnly() {
        return PUBLIC_ONLY;
    }

    /** A builder that begins with {@link #anywhere()}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A policy from its JSON form: {@code "public"}, {@code "anywhere"}, or an object of {@code publicOnly}, {@code allow}, {@code deny},
     * {@code schemes} and {@code ports}.
     *
     * @throws IllegalArgumentException if it is none
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static NetworkPolicy of(Object json) {
        if ("public".equals(json)) {
            return publicOnly();
        }
        if ("anywhere".equals(json)) {
            return anywhere();
        }
        if (!(json instanceof Map<?, ?> members)) {
            throw new IllegalArgumentException("'network' must be \"public\", \"anywhere\" or an object, such as"
                    + " {\"publicOnly\": true, \"allow\": [\"10.1.0.0/16\"]}");
        }
        Builder builder = builder();
        members.forEach((name, value) -> builder.set(String.valueOf(name), value));
        return builder.build();
    }

    /**
     * Says why a URL's scheme or port may not be used.
     *
     * @param scheme in lower case
     * @param port the URL's, or that of its scheme
     * @return the reason, for a message; null if both may be used
     */
    public @Nullable String refusal(String scheme, int port) {
        if (!schemes.contains(scheme)) {
            return "the scheme '" + scheme + "' is not allowed; allowed are " + new TreeSet<>(schemes);
        }
        if (!ports.isEmpty() && !ports.contains(port)) {
            return "the port " + port + " is not allowed; allowed are " + new TreeSet<>(ports);
        }
        return null;
    }

    /**
     * Says why a connection to an address may not be made.
     *
     * @param address resolved
     * @return the reason, for a message, which names the address; null if it may be called
     */
    public @Nullable String refusal(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (denied.stream().anyMatch(block -> block.contains(bytes))) {
            return "the address " + address.getHostAddress() + " is denied";
        }
        if (publicOnly
                && !SpecialAddresses.isPublic(bytes)
                && allowed.stream().noneMatch(block -> block.contains(bytes))) {
            return "the address " + address.getHostAddress() + " is not public";
        }
        boolean isListed = publicOnly || allowed.isEmpty() || allowed.stream().anyMatch(block -> block.contains(bytes));
        return isListed ? null : "the address " + address.getHostAddress() + " is not among the allowed ones";
    }

    /** Returns whether nothing is ever refused but a scheme that is neither http nor https. */
    public boolean isAnywhere() {
        return equals(ANYWHERE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NetworkPolicy that
                && publicOnly == that.publicOnly
                && allowed.equals(that.allowed)
                && denied.equals(that.denied)
                && schemes.equals(that.schemes)
                && ports.equals(that.ports);
    }

    @Override
    public int hashCode() {
        return Objects.hash(publicOnly, allowed, denied, schemes, ports);
    }

    @Override
    public String toString() {
        return "NetworkPolicy[" + (publicOnly ? "public addresses" : "any address") + ", allowed " + allowed
                + ", denied "
                + denied + ", schemes " + new TreeSet<>(schemes) + ", ports "
                + (ports.isEmpty() ? "any" : new TreeSet<>(ports).toString()) + "]";
    }

    /** Builds a {@link NetworkPolicy}. Not thread-safe. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private boolean publicOnly;
        private final Set<AddressBlock> allowed = new LinkedHashSet<>();
        private final Set<AddressBlock> denied = new LinkedHashSet<>();
        private Set<String> schemes = SCHEMES;
        private Set<Integer> ports = Set.of();

        private Builder() {}

        /** Refuses every address that is not public and not {@linkplain #allow allowed}. */
        public Builder publicOnly() {
            this.publicOnly = true;
            return this;
        }

        /**
         * Allows addresses that are not public, beside those that are; without {@link #publicOnly()}, allows no others.
         *
         * @param addressBlocks addresses such as {@code 10.1.2.3}, or blocks such as {@code 10.1.0.0/16} or {@code fd00::/8}
         * @throws IllegalArgumentException if one is neither
         */
        public Builder allow(String... addressBlocks) {
            for (String block : addressBlocks) {
                allowed.add(block("allow", block));
            }
            return this;
        }

        /**
         * Denies addresses, whatever else is allowed.
         *
         * @param addressBlocks as for {@link #allow}
         * @throws IllegalArgumentException if one is neither an address nor a block
         */
        public Builder deny(String... addressBlocks) {
            for (String block : addressBlocks) {
                denied.add(block("deny", block));
            }
            return this;
        }

        /**
         * Allows these schemes alone; {@code http} and {@code https} unless said.
         *
         * @throws IllegalArgumentException if one is another than these, or there is none
         */
        public Builder schemes(String... schemes) {
            Set<String> given = new TreeSet<>();
            for (String scheme : schemes) {
                given.add(scheme.toLowerCase(Locale.ROOT));
            }
            if (given.isEmpty() || !SCHEMES.containsAll(given)) {
                throw new IllegalArgumentException("'schemes' must be of http and https, was " + given);
            }
            this.schemes = given;
            return this;
        }

        /**
         * Allows these ports alone; any unless said.
         *
         * @throws IllegalArgumentException if one is not from 1 to 65535, or there is none
         */
        public Builder ports(int... ports) {
            Set<Integer> given = new TreeSet<>();
            for (int port : ports) {
                if (port < 1 || port > MAX_PORT) {
                    throw new IllegalArgumentException("'ports' must be from 1 to " + MAX_PORT + ", one was " + port);
                }
                given.add(port);
            }
            if (given.isEmpty()) {
                throw new IllegalArgumentException("'ports' must name a port at least");
            }
            this.ports = given;
            return this;
        }

        private void set(String name, @Nullable Object value) {
            switch (name) {
                case "publicOnly" -> {
                    if (!(value instanceof Boolean only)) {
                        throw new IllegalArgumentException("'network.publicOnly' must be true or false");
                    }
                    this.publicOnly = only;
                }
                case "allow" -> allow(texts(name, value));
                case "deny" -> deny(texts(name, value));
                case "schemes" -> schemes(texts(name, value));
                case "ports" -> ports(numbers(value));
                default ->
                    throw new IllegalArgumentException(
                            "'network." + name + "' is unknown; known are [allow, deny, ports, publicOnly, schemes]");
            }
        }

        private static String[] texts(String name, @Nullable Object value) {
            if (value instanceof Collection<?> all && all.stream().allMatch(String.class::isInstance)) {
                return all.stream().map(String::valueOf).toArray(String[]::new);
            }
            throw new IllegalArgumentException("'network." + name + "' must be an array of strings");
        }

        private static int[] numbers(@Nullable Object value) {
            if (value instanceof Collection<?> all && all.stream().allMatch(Integer.class::isInstance)) {
                return all.stream().mapToInt(Integer.class::cast).toArray();
            }
            throw new IllegalArgumentException("'network.ports' must be an array of integers");
        }

        private static AddressBlock block(String list, String written) {
            AddressBlock one = AddressBlock.ofOne(written);
            try {
                return one == null ? AddressBlock.parse(written) : one;
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "'" + list + "' must hold addresses and blocks of them; one is " + e.getMessage(), e);
            }
        }

        /** The policy. */
        @CheckReturnValue
        public NetworkPolicy build() {
            return new NetworkPolicy(this);
        }
    }
}

package io.eventgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class NetworkPolicyTest {
    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.168.1.1",
                "198.18.0.1",
                "203.0.113.7",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1"
            })
    void addressesThatAreNotPublicAreRefusedUnderThePublicPolicy(String text) throws Exception {
        InetAddress address = address(text);

        assertThat(NetworkPolicy.publicOnly().refusal(address))
                .isEqualTo("the address " + address.getHostAddress() + " is not public");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8.8.8.8", "172.32.0.1", "172.15.255.255", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"})
    void publicAddressesMayBeCalled(String text) throws Exception {
        assertThat(NetworkPolicy.publicOnly().refusal(address(text))).isNull();
    }

    @Test
    void anAllowedAddressMayBeCalledBesideThePublicOnes() throws Exception {
        NetworkPolicy policy =
                NetworkPolicy.builder().publicOnly().allow("10.1.0.0/16").build();

        assertThat(policy.refusal(address("10.1.2.3"))).isNull();
        assertThat(policy.refusal(address("8.8.8.8"))).isNull();
        assertThat(policy.refusal(address("10.2.0.1"))).contains("10.2.0.1").contains("not public");
    }

    @Test
    void withoutThePublicOnesTheAllowedAddressesAreTheOnlyOnes() throws Exception {
        NetworkPolicy policy = NetworkPolicy.builder().allow("10.1.2.3").build();

        assertThat(policy.refusal(address("10.1.2.3"))).isNull();
        assertThat(policy.refusal(address("8.8.8.8"))).contains("not among the allowed ones");
    }

    @Test
    void aDeniedAddressIsRefusedWhateverElseIsAllowed() throws Exception {
        NetworkPolicy policy = NetworkPolicy.builder()
                .allow("10.0.0.0/8")
                .deny("10.6.0.0/16", "2606:4700::/32")
                .build();

        assertThat(policy.refusal(address("10.6.1.1"))).isEqualTo("the address 10.6.1.1 is denied");
        assertThat(policy.refusal(address("2606:4700::1"))).contains("is denied");
    }

    @Test
    void schemesAndPortsAreHeldAgainstTheirLists() {
        NetworkPolicy policy =
                NetworkPolicy.builder().schemes("https").ports(443, 8443).build();

        assertThat(policy.refusal("https", 443)).isNull();
        assertThat(policy.refusal("http", 443)).isEqualTo("the scheme 'http' is not allowed; allowed are [https]");
        assertThat(policy.refusal("https", 22)).isEqualTo("the port 22 is not allowed; allowed are [443, 8443]");
        assertThat(NetworkPolicy.anywhere().refusal("http", 22)).isNull();
        assertThat(NetworkPolicy.anywhere().refusal("ftp", 21)).contains("'ftp'");
    }

    @Test
    void thePolicyHasAJsonForm() {
        assertThat(JsonMapper.shared().convertValue("public", NetworkPolicy.class))
                .isEqualTo(NetworkPolicy.publicOnly());
        assertThat(JsonMapper.shared().convertValue("anywhere", NetworkPolicy.class))
                .isEqualTo(NetworkPolicy.anywhere());
        assertThat(JsonMapper.shared()
                        .convertValue(
                                Map.of(
                                        "publicOnly", true,
                                        "allow", List.of("10.1.0.0/16"),
                                        "deny", List.of("8.8.8.8"),
                                        "schemes", List.of("https"),
                                        "ports", List.of(443)),
                                NetworkPolicy.class))
                .isEqualTo(NetworkPolicy.builder()
                        .publicOnly()
                        .allow("10.1.0.0/16")
                        .deny("8.8.8.8")
                        .schemes("https")
                        .ports(443)
                        .build());
    }

    @Test
    void whatIsNoPolicyIsRefusedWithWhatWouldBeAccepted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkPolicy.builder().allow("example.com"))
                .withMessageContaining("'allow'")
                .withMessageContaining("10.0.0.0/8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkPolicy.builder().ports(0))
                .withMessageContaining("1 to 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkPolicy.builder().schemes("ftp"))
                .withMessageContaining("http and https");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkPolicy.of(Map.of("hosts", List.of())))
                .withMessageContaining("'network.hosts' is unknown");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkPolicy.of("private"))
                .withMessageContaining("\"public\"");
    }
}

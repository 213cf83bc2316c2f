package io.eventgateway.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,      10.255.0.1,          true",
        "10.0.0.0/8,      11.0.0.0,            false",
        "10.0.0.0/25,     10.0.0.127,          true",
        "10.0.0.0/25,     10.0.0.128,          false",
        "10.0.0.7/32,     10.0.0.7,            true",
        "10.0.0.7/32,     010.0.0.007,         true",
        "0.0.0.0/0,       255.255.255.255,     true",
        "0.0.0.0/0,       ::1,                 false",
        "0.0.0.0/0,       1.2.3.256,           false",
        "0.0.0.0/0,       1.2.3,               false",
        "0.0.0.0/0,       1.2.3.4.5,           false",
        "0.0.0.0/0,       localhost,           false",
        "0.0.0.0/0,       beef,                false",
        "2001:db8::/32,   2001:db8:ffff::1,    true",
        "2001:db8::/32,   2001:DB9::,          false",
        "::/0,            1:2:3,               false",
        "::/0,            1.2.3.4,             false",
        "fe80::/10,       febf::1,             true",
        "fe80::/10,       fec0::1,             false",
    })
    void hasTheAddressesThatShareItsFirstBits(String block, String address, boolean contained) {
        assertThat(AddressBlock.parse(block).contains(address)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.256/8", "::/129", "a/8", "/8", ""
            })
    void refusesWhatIsNoBlock(String written) {
        assertThatThrownBy(() -> AddressBlock.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + written + "'");
    }
}

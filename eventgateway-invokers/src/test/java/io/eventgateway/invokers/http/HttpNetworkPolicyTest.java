package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.client.HttpClients;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A URL that somebody else wrote reaches nothing that is not public (CWE-918). */
class HttpNetworkPolicyTest extends HttpFunctionTest {
    /** The answers of the name server, the last one again and again. */
    private final Queue<List<InetAddress>> resolved = new ArrayDeque<>();

    private final Dns dns = host -> {
        if (host.endsWith(".test")) {
            List<InetAddress> next = resolved.size() > 1 ? resolved.remove() : resolved.peek();
            if (next == null) {
                throw new UnknownHostException(host);
            }
            return next;
        }
        return Dns.SYSTEM.lookup(host);
    };

    private void restrictTo(NetworkPolicy policy) {
        gateway.close();
        gateway = EventGateway.builder()
                .defaultDelivery(DeliveryPolicy.atMostOnce())
                .networkPolicy(policy)
                .invoker(new HttpInvokerProvider(new HttpClients(dns)))
                .build();
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    private void assertRefused(FunctionDefinition function) {
        InvocationException failure = failure(function, Event.of("a", 1));
        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure).hasMessageContaining("may not be called: the address");
        assertThat(failure.retryable()).isFalse();
        assertThat(server.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "0",
                "0.0.0.0",
                "2130706433",
                "10.0.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "localhost",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::ffff:169.254.169.254]",
                "[64:ff9b::7f00:1]",
                "[fe80::1]",
                "[fd00:ec2::254]",
                "１２７.０.０.１",
                "①②⑦.⓪.⓪.①",
                "１６９.２５４.１６９.２５４"
            })
    void noFormOfAnAddressThatIsNotPublicIsCalled(String host) {
        restrictTo(NetworkPolicy.publicOnly());

        assertRefused(FunctionDefinition.http("hook", "http://" + host + ":" + server.getPort() + "/hooks"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1"})
    void noFormThatOnlySomeResolversReadReachesThisMachine(String host) {
        restrictTo(NetworkPolicy.publicOnly());

        InvocationException failure = failure(
                FunctionDefinition.http("hook", "http://" + host + ":" + server.getPort() + "/hooks")
                        .with("connectTimeout", "PT0.2S"),
                Event.of("a", 1));

        assertThat(failure.kind()).isIn(Kind.CALL_FAILED, Kind.TIMEOUT);
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aNameThatResolvesToAnAddressWhichIsNotPublicIsNotCalled() throws UnknownHostException {
        restrictTo(NetworkPolicy.publicOnly());
        resolved.add(List.of(address("127.0.0.1")));

        assertRefused(FunctionDefinition.http("hook", "http://rebind.test:" + server.getPort() + "/hooks"));
    }

    @Test
    void aNameIsHeldAgainstThePolicyEachTimeAConnectionIsMade() throws UnknownHostException {
        restrictTo(NetworkPolicy.builder().allow("127.0.0.1").build());
        resolved.add(List.of(address("127.0.0.1")));
        resolved.add(List.of(address("127.0.0.2")));
        server.enqueue(status(204).addHeader("Connection", "close").build());
        FunctionDefinition function =
                FunctionDefinition.http("hook", "http://rebind.test:" + server.getPort() + "/hooks");

        assertThat(deliver(function, Event.of("a", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);

        assertThat(failure(function, Event.of("a", 2))).hasMessageContaining("127.0.0.2 is not among the allowed");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void ofSeveralAddressesTheOnesThatAreAllowedAreCalled() throws UnknownHostException {
        restrictTo(NetworkPolicy.builder().allow("127.0.0.1").build());
        resolved.add(List.of(address("127.0.0.2"), address("127.0.0.1")));
        server.enqueue(status(204).build());

        assertThat(deliver(
                                FunctionDefinition.http("hook", "http://two.test:" + server.getPort() + "/hooks"),
                                Event.of("a", 1))
                        .status())
                .isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void aFunctionMayRestrictItselfAndNotWiden() {
        restrictTo(NetworkPolicy.anywhere());
        assertRefused(function().with("network", "public"));

        stopGateway();
        restrictTo(NetworkPolicy.publicOnly());
        assertRefused(function().with("network", Map.of("publicOnly", true, "allow", List.of("127.0.0.0/8", "::1"))));
    }

    private void stopGateway() {
        gateway.close();
    }

    @Test
    void aRedirectObeysThePolicyAsTheFirstRequestDid() throws UnknownHostException {
        restrictTo(NetworkPolicy.builder().allow("127.0.0.1").build());
        resolved.add(List.of(address("127.0.0.1")));
        resolved.add(List.of(address("127.0.0.2")));
        server.enqueue(status(307)
                .addHeader("Location", "/other")
                .addHeader("Connection", "close")
                .build());

        assertThat(failure(
                        FunctionDefinition.http("hook", "http://rebind.test:" + server.getPort() + "/hooks")
                                .with("followRedirects", true),
                        Event.of("a", 1)))
                .hasMessageContaining("is not among the allowed");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aSchemeAndAPortAreRefusedWhenTheFunctionIsRegistered() {
        restrictTo(NetworkPolicy.builder().schemes("https").ports(443).build());

        assertThatThrownBy(() -> gateway.functions().register(function()))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'url' may not be called: the scheme 'http' is not allowed");
        assertThatThrownBy(() ->
                        gateway.functions().register(FunctionDefinition.http("hook", "https://example.com:8443/")))
                .hasMessageContaining("the port 8443 is not allowed");
    }

    @Test
    void aProxyObeysThePolicyItself() {
        restrictTo(NetworkPolicy.publicOnly());

        InvocationException failure = failure(
                FunctionDefinition.http("hook", "http://example.com/hooks")
                        .with("proxy", "http://127.0.0.1:" + server.getPort()),
                Event.of("a", 1));

        assertThat(failure)
                .hasMessageContaining("its proxy 127.0.0.1:" + server.getPort() + " may not be: the address 127.0.0.1");
        assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED);
        assertThat(failure.retryable()).isFalse();
        assertThat(server.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "[::1]", "2852039166", "0xa9fea9fe"})
    void anAddressBehindAProxyIsHeldAgainstThePolicyHere(String host) {
        restrictTo(NetworkPolicy.builder()
                .publicOnly()
                .allow("127.0.0.1", "::1/128")
                .deny("::1")
                .build());

        InvocationException failure = failure(
                FunctionDefinition.http("hook", "http://" + host + "/latest/meta-data")
                        .with("proxy", "http://127.0.0.1:" + server.getPort()),
                Event.of("a", 1));

        assertThat(failure).hasMessageContaining("may not be called");
        assertThat(server.getRequestCount()).isZero();
    }
}

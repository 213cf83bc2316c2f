package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.Secret;
import io.eventgateway.spi.Secrets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an invoker's configuration may refer to, and what its gateway tells it. */
class ConfigurationOfInvokersTest {
    record Settings(
            @Nullable Secret token,
            @Nullable Map<String, Secret> headers,
            @Nullable NetworkPolicy network) {}

    private final Map<String, String> vault = new ConcurrentHashMap<>();
    private final EventGateway gateway = EventGateway.builder()
            .invoker(new InvokerProvider() {
                @Override
                public String type() {
                    return "telling";
                }

                @Override
                public Invoker create(FunctionDefinition function, InvokerContext context) {
                    Settings settings = context.configuration(function, Settings.class);
                    return invocation -> CompletableFuture.completedFuture(InvocationResult.of(
                            settings.token() == null
                                    ? context.networkPolicy()
                                    : settings.token().value()));
                }
            })
            .secrets(new Secrets() {
                @Override
                public String scheme() {
                    return "vault";
                }

                @Override
                public @Nullable String resolve(String name) {
                    return vault.get(name);
                }
            })
            .networkPolicy(NetworkPolicy.publicOnly())
            .build();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void register(Map<String, ?> configuration) {
        gateway.functions().registerOrUpdate(FunctionDefinition.of("f", "telling", configuration));
    }

    @Test
    void aRotatedSecretHoldsFromTheNextCallOn() {
        register(Map.of("token", "${vault:token}"));
        vault.put("token", "one");
        assertThat(gateway.invoke("f", null).value()).isEqualTo("one");

        vault.put("token", "two");

        assertThat(gateway.invoke("f", null).value()).isEqualTo("two");
        assertThat(gateway.functions().get("f").orElseThrow().configuration()).containsEntry("token", "${vault:token}");
    }

    @Test
    void aMissingSecretFailsTheCallAlone() {
        register(Map.of("token", "${vault:token}"));

        assertThatThrownBy(() -> gateway.invoke("f", null))
                .isInstanceOf(InvocationException.class)
                .hasMessageContaining("${vault:token} is missing");
    }

    @Test
    void aReferenceOfAnUnknownSchemeIsRefusedWhenTheFunctionIsRegistered() {
        assertThatThrownBy(() -> register(Map.of("token", "hunter2 ${safe:token}")))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'token' refers to a secret of the unknown scheme 'safe'")
                .hasMessageContaining("[env, file, vault]")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> register(Map.of("headers", Map.of("X-Key", "${safe:token}"))))
                .hasMessageContaining("'X-Key' refers to");
        assertThatThrownBy(() -> register(Map.of("token", List.of("hunter2"))))
                .hasMessageContaining("'token' must be a string")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void anInvokerKnowsTheGatewaysNetworkPolicy() {
        register(Map.of());

        assertThat(gateway.invoke("f", null).value()).isEqualTo(NetworkPolicy.publicOnly());
    }

    @Test
    void aPolicyThatIsNoneIsRefusedWithWhatWouldBeAccepted() {
        assertThatThrownBy(() -> register(Map.of("network", "private")))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("'network' must be \"public\"");
    }

    @Test
    void twoSourcesOfOneSchemeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        EventGateway.builder().secrets(Secrets.environment()).secrets(Secrets.environment()))
                .withMessageContaining("'env'");
    }
}

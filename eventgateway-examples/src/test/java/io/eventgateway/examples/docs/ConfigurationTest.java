package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.spi.Secrets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs what {@code docs/configuration.md} shows. */
@Timeout(60)
class ConfigurationTest {
    private static final String PAGE = "docs/configuration.md";

    @Test
    void buildsAGatewayOfItsSettings() {
        // tag::builder[]
        EventGateway gateway = EventGateway.builder()
                .source("/shop")
                .backlog(50_000, BacklogPolicy.REJECT)
                .defaultDelivery(DeliveryPolicy.builder()
                        .maxAttempts(10)
                        .timeout(Duration.ofSeconds(5))
                        .build())
                .circuitBreaker(new CircuitBreakerPolicy(20, Duration.ofSeconds(30)))
                .retryPredicate("not-a-typo", failure -> !String.valueOf(failure.getMessage())
                        .contains("typo"))
                .chainLimits(ChainLimits.defaults().withMaxDepth(10))
                .maxPayloadSize(256 * 1024)
                .shutdownTimeout(Duration.ofSeconds(20))
                .build();
        // end::builder[]
        try (gateway) {
            assertThat(gateway.emit("order.placed", null).event().getSource()).hasToString("/shop");
            assertThat(gateway.backlog().bound()).isEqualTo(50_000);
        }
    }

    @Test
    void aFunctionGetsASecretOfASourceOfTheApplications() {
        Map<String, String> vault = new ConcurrentHashMap<>();
        // tag::secrets[]
        EventGateway gateway = EventGateway.builder()
                .secrets(new Secrets() {
                    @Override
                    public String scheme() {
                        return "vault";
                    }

                    @Override
                    public String resolve(String name) {
                        return vault.get(name); // null where there is none
                    }
                })
                .build();
        gateway.functions()
                .register(FunctionDefinition.http("billing", "https://billing.example/hooks")
                        .with("headers", Map.of("X-Api-Key", "${vault:billing-key}")));
        // end::secrets[]
        try (gateway) {
            assertThatThrownBy(() -> gateway.invoke("billing", 1))
                    .hasMessageContaining("${vault:billing-key} is missing");
        }
    }

    @Test
    void aPolicyNamesThePredicate() {
        // tag::retry-predicate[]
        DeliveryPolicy policy = DeliveryPolicy.builder()
                .retryOn(RetryOn.predicate("not-a-typo"))
                .build();
        // end::retry-predicate[]
        assertThat(policy.retryOn().predicate()).isEqualTo("not-a-typo");
    }

    @Test
    void labelsFunctionsAndSubscriptions() {
        try (EventGateway gateway = EventGateway.create()) {
            // tag::labels[]
            Map<String, String> labels = Map.of("team", "checkout");
            gateway.functions()
                    .register(FunctionDefinition.http("mail", "https://mail.example/hooks")
                            .withMetadata(labels));
            gateway.subscriptions()
                    .create(Subscription.to("order.*")
                            .function("mail")
                            .metadata(labels)
                            .build());

            List<FunctionDefinition> functions = gateway.functions().list(labels);
            List<Subscription> subscriptions = gateway.subscriptions().list(labels);
            // end::labels[]
            assertThat(functions).hasSize(1);
            assertThat(subscriptions).hasSize(1);
        }
    }

    @Test
    void valuesHaveAJsonForm() {
        Subscription subscription =
                Subscription.to("order.*").function("mail").id("mails").build();
        // tag::json[]
        String json = subscription.toJson();
        Subscription same = Subscription.fromJson(json);
        // end::json[]
        assertThat(same).isEqualTo(subscription);
    }

    @Test
    void theFormsOnThePageAreReadAndPrintedSo() throws IOException {
        Subscription subscription = Subscription.fromJson(Page.output(PAGE, "subscription-json"));
        assertThat(subscription.delivery().orderBy()).isNotNull();
        assertThat(Subscription.fromJson(subscription.toJson())).isEqualTo(subscription);
        assertThat(members(subscription.toJson())).isEqualTo(members(Page.output(PAGE, "subscription-json")));

        FunctionDefinition function = FunctionDefinition.fromJson(Page.output(PAGE, "function-json"));
        assertThat(function.emits()).containsExactly("mail.sent");
        assertThat(FunctionDefinition.fromJson(function.toJson())).isEqualTo(function);
        assertThat(members(function.toJson())).isEqualTo(members(Page.output(PAGE, "function-json")));
    }

    private static JsonNode members(String json) {
        return JsonMapper.shared().readTree(json);
    }

    @Test
    void anUnknownMemberIsIgnoredAndAWrongKindRefused() {
        String form = "{\"eventType\": \"a\", \"functionId\": \"f\", \"colour\": \"red\"}";
        assertThat(Subscription.fromJson(form).eventType()).isEqualTo("a");
        assertThatThrownBy(() -> Subscription.fromJson("{\"eventType\": [], \"functionId\": \"f\"}"))
                .isInstanceOf(InvalidSubscriptionException.class);
    }

    @Test
    void invokesAFunctionAndWaitsUntilNothingIsLeft() throws Exception {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("price", (event, context) -> 120);
            // tag::invoke[]
            InvocationResult price = gateway.invoke("price", Map.of("sku", "x"));
            CompletableFuture<InvocationResult> later = gateway.invokeAsync("price", Event.of("price.asked", null));
            boolean idle = gateway.awaitIdle(Duration.ofSeconds(5)); // true when every delivery has ended
            // end::invoke[]
            assertThat(price.valueAs(Integer.class)).isEqualTo(120);
            assertThat(later.get(5, TimeUnit.SECONDS).valueAs(Integer.class)).isEqualTo(120);
            assertThat(idle).isTrue();
        }
    }
}

package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.GatewayDescription.DescribedEventType;
import io.eventgateway.GatewayDescription.DescribedFunction;
import io.eventgateway.delivery.DeliveryPolicy;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DescribeTest {
    private static final FunctionHandler NOTHING = (event, context) -> null;
    private static final String HOSTILE = "a\"];\n end --> x; %% <script>alert(1)</script> &lt; \\N #quot; `**b**` ]]>";

    private final EventGateway gateway = EventGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void registerShop() {
        gateway.eventTypes()
                .register(EventTypeDefinition.of("order.placed")
                        .description("An order was placed.")
                        .owner("team orders")
                        .build());
        gateway.functions()
                .register(FunctionDefinition.of("pay", "java", Map.of()).emits("order.paid"), NOTHING);
        gateway.functions().register("ship", NOTHING);
        gateway.functions().register("failed", NOTHING);
        gateway.functions().register("group", NOTHING);
        gateway.subscribe(Subscription.to("order.placed")
                .function("pay")
                .filter(Filter.pattern("{\"data\": {\"total\": [{\"numeric\": [\">\", 0]}]}}"))
                .build());
        gateway.subscribe(Subscription.to("order.*").function("ship").build());
        gateway.subscribe(Subscription.to("customer.gone")
                .id("gone")
                .function("ship")
                .delivery(DeliveryPolicy.builder().deadLetter("failed").build())
                .build());
        gateway.subscribe(
                Subscription.http("GET", "/orders/:id").function("group").build());
    }

    @Test
    void listsRegisteredEmittedAndSubscribedTypesWithWhoEmitsAndSubscribesThem() {
        registerShop();

        GatewayDescription description = gateway.describe();

        assertThat(description.space()).isEqualTo("default");
        assertThat(description.eventTypes())
                .extracting(DescribedEventType::name)
                .containsExactly("customer.gone", "order.paid", "order.placed");
        DescribedEventType paid = description.eventTypes().get(1);
        assertThat(paid.definition()).isNull();
        assertThat(paid.emittedBy()).containsExactly("pay");
        assertThat(paid.subscribedBy()).containsExactly("order.*->ship");
        DescribedEventType placed = description.eventTypes().get(2);
        assertThat(placed.definition())
                .isEqualTo(gateway.eventTypes().get("order.placed").orElseThrow());
        assertThat(placed.subscribedBy()).hasSize(2);
        assertThat(description.functions())
                .extracting(DescribedFunction::functionId)
                .containsExactly("failed", "group", "pay", "ship");
        assertThat(description.subscriptions())
                .isEqualTo(gateway.subscriptions().list());
    }

    @Test
    void aSpaceDescribesItself() {
        registerShop();

        GatewayDescription other = gateway.space("other").describe();

        assertThat(other).isEqualTo(new GatewayDescription("other", List.of(), List.of(), List.of()));
        assertThat(JsonMapper.shared()
                        .readTree(other.asyncApi())
                        .path("channels")
                        .isEmpty())
                .isTrue();
        assertThat(other.toSvg()).startsWith("<svg");
    }

    @Test
    void theJsonFormHasNoConfigurationAndNoValuesOfHeaders() {
        gateway.functions()
                .register(
                        FunctionDefinition.of("pay", "java", Map.of("password", "hunter2"))
                                .withMetadata(Map.of("team", "orders")),
                        NOTHING);
        gateway.subscribe(Subscription.to("order.placed")
                .function("pay")
                .transform(Transform.path("$.data").headers(Map.of("authorization", "secret-token")))
                .build());

        String json = gateway.describe().toJson();

        assertThat(json)
                .doesNotContain("hunter2")
                .doesNotContain("secret-token")
                .contains("authorization");
        JsonNode tree = JsonMapper.shared().readTree(json);
        assertThat(tree.at("/functions/0/metadata/team").asString()).isEqualTo("orders");
        assertThat(tree.at("/functions/0").has("configuration")).isFalse();
        assertThat(tree.at("/subscriptions/0/eventType").asString()).isEqualTo("order.placed");
        assertThat(gateway.describe().asyncApi()).doesNotContain("hunter2").doesNotContain("secret-token");
    }

    @Test
    void aFilterWithCodeIsSaidToBeCode() {
        gateway.functions().register("pay", NOTHING);
        gateway.subscribe(Subscription.to("order.placed")
                .function("pay")
                .filter(Filter.where(event -> true))
                .build());

        assertThat(JsonMapper.shared()
                        .readTree(gateway.describe().toJson())
                        .at("/subscriptions/0/filter")
                        .asString())
                .isEqualTo("code");
        assertThat(gateway.describe().toMermaid()).contains("{{\"code\"}}");
    }

    @Test
    void theAsyncApiDocumentHasAChannelForEachTypeAndPathAndAnOperationForEachSubscriptionAndEmission() {
        registerShop();
        gateway.eventTypes()
                .update(EventTypeDefinition.of("order.placed")
                        .description("An order was placed.")
                        .deprecatedSince(LocalDate.of(2026, 1, 2))
                        .version(2)
                        .build());

        JsonNode document = JsonMapper.shared().readTree(gateway.describe().asyncApi("Shop", "3.1"));

        assertThat(document.path("asyncapi").asString()).isEqualTo("3.0.0");
        assertThat(document.at("/info/title").asString()).isEqualTo("Shop");
        assertThat(document.path("channels").propertyNames()).hasSize(4);
        assertThat(document.at("/channels/order.placed/address").asString()).isEqualTo("order.placed");
        assertThat(document.at("/channels/order.placed/messages/event/$ref").asString())
                .isEqualTo("#/components/messages/order.placed");
        JsonNode message = document.at("/components/messages/order.placed");
        assertThat(message.path("contentType").asString()).isEqualTo("application/cloudevents+json");
        assertThat(message.at("/payload/properties/type/const").asString()).isEqualTo("order.placed");
        assertThat(message.at("/payload/properties/dataversion/enum/0").asInt()).isEqualTo(2);
        assertThat(message.path("x-deprecated-since").asString()).isEqualTo("2026-01-02");
        assertThat(document.at("/operations/send.pay.order.paid/action").asString())
                .isEqualTo("send");
        assertThat(document.path("operations").properties().stream()
                        .map(operation -> operation.getValue())
                        .filter(operation -> operation.path("action").asString().equals("receive"))
                        .map(operation -> operation.path("x-function").asString()))
                .containsExactlyInAnyOrder("pay", "ship", "ship", "ship", "group");
        JsonNode request = document.path("operations").properties().stream()
                .map(operation -> operation.getValue())
                .filter(operation -> operation.has("bindings"))
                .findFirst()
                .orElseThrow();
        assertThat(request.at("/bindings/http/method").asString()).isEqualTo("GET");
        String channel = request.at("/channel/$ref").asString();
        JsonNode requests = document.at(channel.substring(1));
        assertThat(requests.path("address").asString()).isEqualTo("/orders/{id}");
        assertThat(requests.at("/parameters/id").isObject()).isTrue();
    }

    @Test
    void equalRegistrationsMakeEqualTexts() {
        registerShop();
        GatewayDescription first = gateway.describe();
        try (EventGateway second = EventGateway.create()) {
            first.subscriptions().forEach(subscription -> {
                if (second.functions().get(subscription.functionId()).isEmpty()) {
                    second.functions()
                            .register(
                                    gateway.functions()
                                            .get(subscription.functionId())
                                            .orElseThrow(),
                                    NOTHING);
                }
                if (second.functions().get("failed").isEmpty()) {
                    second.functions().register("failed", NOTHING);
                }
                second.subscribe(subscription);
            });
            second.eventTypes().register(gateway.eventTypes().list().get(0));

            GatewayDescription other = second.describe();

            assertThat(other).isEqualTo(first);
            assertThat(other.toJson()).isEqualTo(first.toJson());
            assertThat(other.asyncApi()).isEqualTo(first.asyncApi());
            assertThat(other.toMermaid()).isEqualTo(first.toMermaid());
            assertThat(other.toGraphviz()).isEqualTo(first.toGraphviz());
            assertThat(other.toSvg()).isEqualTo(first.toSvg());
        }
    }

    @Test
    void picturesShowTypesFiltersFunctionsAndEmissionsAndCyclesInRed() {
        registerShop();
        gateway.functions()
                .registerOrUpdate(
                        FunctionDefinition.of("ship", "java", Map.of()).emits("order.placed"), NOTHING);

        String mermaid = gateway.describe().toMermaid();
        String graphviz = gateway.describe().toGraphviz();

        assertThat(mermaid)
                .startsWith("flowchart LR\n")
                .contains("([\"order.placed\"])")
                .contains("[\"pay\"]")
                .contains("([\"GET /orders/:id\"])")
                .contains("{{\"#123;#34;data#34;:#123;#34;total#34;")
                .contains("classDef cycle")
                .contains("linkStyle");
        assertThat(graphviz)
                .startsWith("digraph events {\n")
                .contains("[label=\"order.placed\", shape=ellipse, color=\"#c0392b\"")
                .contains("[label=\"customer.gone\", shape=ellipse];")
                .contains("style=dashed");
    }

    @Test
    void hostileNamesAndFiltersStayLabels() throws Exception {
        gateway.functions()
                .register(FunctionDefinition.of("pay", "java", Map.of()).emits(HOSTILE.replace("\n", "")), NOTHING);
        gateway.subscribe(Subscription.to("order.placed")
                .id("a: end --> x")
                .function("pay")
                .filter(Filter.cesql("subject = '" + HOSTILE.replace("\n", "").replace("\\", "\\\\") + "'"))
                .build());

        GatewayDescription description = gateway.describe();

        String[] mermaid = description.toMermaid().split("\n");
        assertThat(mermaid)
                .allMatch(
                        line -> line.matches(
                                "flowchart LR|  n\\d+(\\(\\[\"[^\"<>&\\[\\]`\\\\]*\"\\]\\)|\\[\"[^\"<>&\\[\\]`\\\\]*\"\\]|\\{\\{\"[^\"<>&\\[\\]`\\\\]*\"\\}\\})|  n\\d+ --> n\\d+"));
        String[] graphviz = description.toGraphviz().split("\n");
        assertThat(graphviz)
                .allMatch(
                        line -> line.matches(
                                "digraph events \\{|}|  rankdir=LR;|  node .*|  n\\d+ \\[label=\"([^\"\\\\]|\\\\.)*\", shape=[a-z]+\\];|  n\\d+ -> n\\d+;"));
        var svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(description.toSvg())));
        assertThat(svg.getElementsByTagName("script").getLength()).isZero();
        assertThat(svg.getElementsByTagName("title").getLength()).isEqualTo(4);
        JsonNode document = JsonMapper.shared().readTree(description.asyncApi());
        assertThat(document.path("channels").propertyNames()).allMatch(key -> key.matches("[A-Za-z0-9._-]+"));
        assertThat(document.path("operations").propertyNames()).allMatch(key -> key.matches("[A-Za-z0-9._-]+"));
    }
}

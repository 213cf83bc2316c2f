package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.Filter;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
    @TempDir
    Path folder;

    private Path committed;

    @BeforeEach
    void commit() {
        committed = folder.resolve("docs/asyncapi.json");
        try (TestGateway gateway = shop()) {
            Catalogue.of(gateway).writeTo(committed);
        }
    }

    private static TestGateway shop() {
        TestGateway gateway = TestGateway.create();
        gateway.eventTypes().register(EventTypeDefinition.of("order.placed").build());
        gateway.functions()
                .register(FunctionDefinition.of("pay", "java", Map.of()).emits("order.paid"), new RecordingFunction());
        gateway.functions().register("ship", new RecordingFunction());
        gateway.subscribe("order.placed", "pay");
        gateway.subscribe(
                Subscription.to("order.paid").id("shipping").function("ship").build());
        return gateway;
    }

    @Test
    void theSameRegistrationsAreTheSameCatalogue() {
        try (TestGateway gateway = shop()) {
            assertThat(Catalogue.of(gateway).changesSince(committed)).isEmpty();
            assertThatCode(() -> Catalogue.of(gateway).assertSameAs(committed).assertBreaksNobody(committed))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void whatIsNewBreaksNobody() {
        try (TestGateway gateway = shop()) {
            gateway.subscribe("order.lost", "ship");

            assertThat(Catalogue.of(gateway).changesSince(committed))
                    .extracting(Catalogue.Change::toString)
                    .containsExactly(
                            "'order.lost' is new",
                            "subscription 'order.lost->ship' of function 'ship' gets 'order.lost' now");
            assertThatCode(() -> Catalogue.of(gateway).assertBreaksNobody(committed))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> Catalogue.of(gateway).assertSameAs(committed))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("'order.lost' is new");
        }
    }

    @Test
    void saysWhoIsBrokenByATypeThatIsNotEmittedAnyMore() {
        try (TestGateway gateway = shop()) {
            gateway.functions()
                    .registerOrUpdate(FunctionDefinition.of("pay", "java", Map.of()), new RecordingFunction());

            assertThatThrownBy(() -> Catalogue.of(gateway).assertBreaksNobody(committed))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("function 'pay' does not say any more that it emits 'order.paid';"
                            + " this breaks subscription 'shipping' of function 'ship'");
        }
    }

    @Test
    void saysWhoIsBrokenByASubscriptionThatIsGoneOrChanged() {
        try (TestGateway gateway = shop()) {
            gateway.subscriptions()
                    .update(Subscription.to("order.paid")
                            .id("shipping")
                            .function("ship")
                            .filter(Filter.cesql("subject = 'x'"))
                            .build());
            gateway.subscriptions().delete("order.placed->pay");

            assertThat(Catalogue.of(gateway).changesSince(committed))
                    .extracting(Catalogue.Change::toString)
                    .containsExactlyInAnyOrder(
                            "subscription 'shipping' has another filter; this breaks function 'ship'",
                            "subscription 'order.placed->pay' does not get 'order.placed' any more; this breaks function 'pay'");
        }
    }

    @Test
    void saysWhoIsBrokenByATypeThatIsGone() {
        try (TestGateway gateway = TestGateway.create()) {
            assertThat(Catalogue.of(gateway).changesSince(committed))
                    .extracting(Catalogue.Change::toString)
                    .contains("'order.paid' is gone; this breaks subscription 'shipping' of function 'ship'");
        }
    }

    @Test
    void saysThatASchemaChangedAndWhoIsOnBothSides() throws IOException {
        try (TestGateway gateway = shop()) {
            String changed = Files.readString(committed)
                    .replace(
                            "\"components\" : {",
                            "\"components\" : { \"schemas\" : { \"order.paid\" : { \"type\" : \"object\" } },");
            Files.writeString(committed, changed);

            assertThat(Catalogue.of(gateway).changesSince(committed))
                    .extracting(Catalogue.Change::toString)
                    .containsExactly(
                            "the schema of 'order.paid' is gone; this breaks subscription 'shipping' of function 'ship'");
        }
    }

    @Test
    void saysThatThereIsNothingToCompareWith() throws IOException {
        try (TestGateway gateway = shop()) {
            assertThatThrownBy(() -> Catalogue.of(gateway).assertSameAs(folder.resolve("none.json")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("none.json")
                    .hasMessageContaining("commit it");
            Files.writeString(committed, "{}");
            assertThatThrownBy(() -> Catalogue.of(gateway).changesSince(committed))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("lacks the member 'asyncapi'");
            Files.writeString(committed, "no");
            assertThatThrownBy(() -> Catalogue.of(gateway).changesSince(committed))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("is no JSON");
        }
    }
}

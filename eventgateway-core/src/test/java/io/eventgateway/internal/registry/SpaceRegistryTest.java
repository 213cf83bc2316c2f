package io.eventgateway.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Key;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.lang.reflect.Field;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpaceRegistryTest {
    @Test
    void forgetsTheCalleeOfAFunctionThatIsGoneWhenItsLastSubscriptionGoes() throws ReflectiveOperationException {
        try (SubscriptionStore store = SubscriptionStore.inMemory();
                EventGateway gateway =
                        EventGateway.builder().subscriptionStore(store).build()) {
            gateway.functions().register("f", (event, context) -> null);
            gateway.subscribe("a", "f");
            Key f = new Key(Kind.FUNCTION, "default", "f");
            long version = store.load().stream()
                    .filter(entry -> entry.key().equals(f))
                    .findFirst()
                    .orElseThrow()
                    .version();

            store.delete(f, version); // as another gateway may that does not know of the subscription yet
            assertThat(callees(gateway)).containsOnlyKeys("f");
            gateway.subscriptions().delete("a->f");

            assertThat(callees(gateway)).isEmpty();
        }
    }

    @Test
    void forgetsTheCalleeThatASubscriptionLeavesInAnUpdate() throws ReflectiveOperationException {
        try (SubscriptionStore store = SubscriptionStore.inMemory();
                EventGateway gateway =
                        EventGateway.builder().subscriptionStore(store).build()) {
            gateway.functions().register("g", (event, context) -> null);
            Key s = new Key(Kind.SUBSCRIPTION, "default", "s");
            long version = store.put(
                            s, Subscription.to("a").function("gone").id("s").build(), 0)
                    .version();
            assertThat(callees(gateway)).containsOnlyKeys("g", "gone");

            store.put(s, Subscription.to("a").function("g").id("s").build(), version);

            assertThat(callees(gateway)).containsOnlyKeys("g");
            assertThat(gateway.functions().list())
                    .extracting(FunctionDefinition::id)
                    .containsExactly("g");
        }
    }

    /** The callees of the default space, found as a debugger would. */
    private static Map<String, RegisteredFunction> callees(EventGateway gateway) throws ReflectiveOperationException {
        Object subscriptions = gateway.subscriptions();
        Field space = SubscriptionRegistry.class.getDeclaredField("space");
        space.setAccessible(true);
        return ((SpaceRegistry) space.get(subscriptions)).callees;
    }
}

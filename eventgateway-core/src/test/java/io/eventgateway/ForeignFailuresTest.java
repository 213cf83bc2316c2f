package io.eventgateway;

import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.http.HttpRequest;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What functions return and throw is foreign code itself: none of it escapes, whatever its own methods do. */
class ForeignFailuresTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final EventGateway gateway = Outcomes.oneAttempt().build();

    @AfterEach
    void close() {
        gateway.close();
    }

    /** An exception whose every method that a caller may ask throws. */
    private static class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new AssertionError("getMessage");
        }

        @Override
        public String toString() {
            throw new StackOverflowError("toString");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("getCause");
        }
    }

    /** An exception that is its own cause. */
    private static class Circle extends CompletionException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    private static <T> Collection<T> unreadable() {
        return new AbstractList<>() {
            @Override
            public T get(int index) {
                throw new IllegalStateException("not loaded");
            }

            @Override
            public Iterator<T> iterator() {
                throw new AssertionError("no session");
            }

            @Override
            public int size() {
                throw new AssertionError("no session");
            }
        };
    }

    static Stream<Arguments> failing() {
        FunctionHandler collection = (event, context) -> unreadable();
        FunctionHandler laterCollection = (event, context) -> CompletableFuture.completedFuture(unreadable());
        FunctionHandler hostile = (event, context) -> {
            throw new Hostile();
        };
        FunctionHandler hostileStage = (event, context) -> CompletableFuture.failedFuture(new Hostile());
        FunctionHandler circle = (event, context) -> {
            throw new Circle();
        };
        FunctionHandler brokenStage = (event, context) -> new CompletableFuture<>() {
            @Override
            public <U> CompletableFuture<U> handle(BiFunction<? super Object, Throwable, ? extends U> function) {
                throw new AssertionError("a broken stage");
            }
        };
        FunctionHandler nothing = (event, context) -> {
            throw new IllegalStateException((String) null);
        };
        FunctionHandler huge = (event, context) -> {
            throw new IllegalStateException("x".repeat(5_000_000));
        };
        FunctionHandler declared = (event, context) -> {
            throw new InvocationException(InvocationException.Kind.FUNCTION_ERROR, false, "declared", new Hostile());
        };
        return Stream.of(
                Arguments.of("a collection that throws", collection, "no session"),
                Arguments.of("a stage of a collection that throws", laterCollection, "no session"),
                Arguments.of("an exception that throws", hostile, Hostile.class.getName()),
                Arguments.of("a stage that fails with an exception that throws", hostileStage, Hostile.class.getName()),
                Arguments.of("an exception without end", circle, Circle.class.getName()),
                Arguments.of("a stage that throws", brokenStage, "a broken stage"),
                Arguments.of("an exception without a message", nothing, "java.lang.IllegalStateException"),
                Arguments.of("an exception with a huge message", huge, "java.lang.IllegalStateException: xxx"),
                Arguments.of("an exception of ours with a cause that throws", declared, "declared"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failing")
    void isTheFailureOfItsFunctionAlone(String what, FunctionHandler handler, String message) {
        gateway.functions().register("bad", handler);
        gateway.functions().register("good", (event, context) -> {
            seen.add(event.getId());
            return null;
        });
        for (String function : List.of("bad", "good")) {
            gateway.subscriptions()
                    .create(Subscription.to("sync").function(function).sync().build());
        }
        gateway.subscribe("async", "bad");
        gateway.subscriptions()
                .create(Subscription.http("GET", "/bad").function("bad").build());

        DeliveryReport sync = reportOf(gateway.emit("sync", 1));

        assertThat(sync.deliveries())
                .extracting(each -> each.status())
                .containsExactlyInAnyOrder(DeliveryStatus.DEAD_LETTERED, DeliveryStatus.DELIVERED);
        assertThat(seen).hasSize(1);
        assertThat(onlyDeliveryOf(gateway.emit("async", 1)).failure())
                .isInstanceOf(InvocationException.class)
                .hasMessageContaining(message);
        assertThat(gateway.deadLetters().list())
                .hasSize(2)
                .extracting(DeadLetter::message)
                .allSatisfy(each -> assertThat(each).contains(message).hasSizeLessThan(1_200));
        assertThat(gateway.handle(HttpRequest.get("/bad").build()).statusCode()).isEqualTo(502);
    }

    @Test
    void aResultIsNeverComparedOrPrinted() {
        Object hostile = new Object() {
            @Override
            public boolean equals(Object other) {
                throw new AssertionError("equals");
            }

            @Override
            public int hashCode() {
                throw new AssertionError("hashCode");
            }

            @Override
            public String toString() {
                throw new AssertionError("toString");
            }
        };
        gateway.functions().register("f", (event, context) -> hostile);
        gateway.subscriptions().create(Subscription.to("a").function("f").sync().build());
        gateway.subscribe("b", "f");

        assertThat(onlyDeliveryOf(gateway.emit("a", 1)).result().value() == hostile)
                .isTrue();
        assertThat(onlyDeliveryOf(gateway.emit("b", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(gateway.invoke("f", null).toString()).contains("InvocationResult[");
    }

    @Test
    void aCauseThatCanBePrintedIsKept() {
        IllegalStateException cause = new IllegalStateException("disk");

        assertThat(new InvocationException(InvocationException.Kind.FUNCTION_ERROR, true, "f failed", cause))
                .hasCause(cause);
        assertThat(new InvocationException(InvocationException.Kind.FUNCTION_ERROR, true, "f failed", new Hostile())
                        .getCause())
                .hasMessage(Hostile.class.getName() + ", whose toString threw java.lang.StackOverflowError");
    }

    @Test
    void messagesOfFailuresAreBoundedAndOnOneLine() {
        gateway.functions().register("f", (event, context) -> {
            throw new InvocationException(
                    InvocationException.Kind.FUNCTION_ERROR,
                    false,
                    "no\nWARN forged \u001B[2J \u202E" + "x".repeat(5_000_000));
        });
        gateway.subscribe("a", "f");

        InvocationException failure =
                (InvocationException) onlyDeliveryOf(gateway.emit("a", 1)).failure();

        assertThat(failure.getMessage()).hasSize(1_000).startsWith("no WARN forged \uFFFD[2J \uFFFDxxx");
        assertThat(failure.withStatusCode(503).withCalledFunctionId("g")).hasMessage(failure.getMessage());
        DeadLetter letter = gateway.deadLetters().list().get(0);
        assertThat(letter.message()).hasSizeLessThan(1_100);
        assertThat(letter.attempts().get(0).message()).hasSize(1_000);
    }
}

package io.eventgateway;

import static io.eventgateway.Outcomes.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.FunctionNotFoundException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InvokeTest {
    record Named(String name, int age) {}

    private final ManualClock clock = new ManualClock();
    private final EventGateway gateway = EventGateway.builder().clock(clock).build();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void returnsWhatTheFunctionReturns() {
        gateway.functions().register("double", (event, context) -> event.dataAs(Integer.class) * 2);

        InvocationResult result = gateway.invoke("double", 21);

        assertThat(result.valueAs(Integer.class)).isEqualTo(42);
        assertThat(result.asJson().intValue()).isEqualTo(42);
    }

    @Test
    void aFunctionThatReturnsNothingHasAnEmptyResult() {
        gateway.functions().register("f", (event, context) -> null);

        InvocationResult result = gateway.invoke("f", null);

        assertThat(result.isEmpty()).isTrue();
        assertThat(result.asJson().isMissingNode()).isTrue();
        assertThatThrownBy(() -> result.valueAs(String.class)).isInstanceOf(DataConversionException.class);
    }

    @Test
    void convertsResultsByWayOfJson() {
        gateway.functions().register("user", (event, context) -> new EventTest.User("Ada", 36));

        assertThat(gateway.invoke("user", null).valueAs(Object.class)).isEqualTo(new EventTest.User("Ada", 36));
        assertThat(gateway.invoke("user", null).valueAs(Named.class)).isEqualTo(new Named("Ada", 36));
    }

    @Test
    void tellsTheFunctionAboutItsCall() {
        AtomicReference<FunctionContext> seen = new AtomicReference<>();
        gateway.functions().register("f", (event, context) -> {
            seen.set(context);
            return event.getType();
        });

        assertThat(gateway.invoke("f", null).valueAs(String.class)).isEqualTo("invoke");
        assertThat(seen.get().functionId()).isEqualTo("f");
        assertThat(seen.get().subscriptionId()).isNull();
        assertThat(seen.get().space()).isEqualTo("default");
        assertThat(seen.get().attempt()).isEqualTo(1);
        assertThat(seen.get().deadline()).isEqualTo(clock.instant().plusSeconds(30));
    }

    @Test
    void saysWhichFunctionIsMissing() {
        assertThatThrownBy(() -> gateway.invoke("missing", null))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("'missing'")
                .hasMessageContaining("space 'default'");
    }

    @Test
    void throwsTheFunctionsFailureAsAnInvocationException() {
        gateway.functions().register("bad", (event, context) -> {
            throw new IllegalArgumentException("negative");
        });

        assertThatThrownBy(() -> gateway.invoke("bad", null))
                .isInstanceOfSatisfying(InvocationException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(InvocationException.Kind.FUNCTION_ERROR);
                    assertThat(failure.retryable()).isTrue();
                    assertThat(failure).hasMessageContaining("'bad'").hasMessageContaining("negative");
                    assertThat(failure).hasCauseInstanceOf(IllegalArgumentException.class);
                });
    }

    @Test
    void keepsTheInvocationExceptionThatAFunctionThrows() {
        InvocationException own = new InvocationException(InvocationException.Kind.ACCESS_DENIED, false, "not you")
                .withStatusCode(403)
                .withRetryAfter(Duration.ofSeconds(5));
        gateway.functions().register("picky", (event, context) -> {
            throw own;
        });

        assertThatThrownBy(() -> gateway.invoke("picky", null)).isSameAs(own);
        assertThat(own.statusCode()).hasValue(403);
        assertThat(own.retryAfter()).contains(Duration.ofSeconds(5));
    }

    @Test
    void invokesAsynchronouslyWithAnEventOfTheCallersOwn() {
        gateway.functions().register("f", (event, context) -> CompletableFuture.completedFuture(event.getSubject()));

        CompletableFuture<InvocationResult> result =
                gateway.invokeAsync("f", Event.builder("custom").subject("s-1").build());

        assertThat(get(result).valueAs(String.class)).isEqualTo("s-1");
    }

    @Test
    void endsInTimeWhenTheFunctionNeverEnds() {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        gateway.functions().register("stuck", (event, context) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return null;
        });

        CompletableFuture<InvocationResult> result = gateway.invokeAsync("stuck", Event.of("a", null));
        Outcomes.await(running);
        clock.advance(Duration.ofSeconds(31));

        assertThatThrownBy(() -> get(result))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(InvocationException.Kind.TIMEOUT));
        Outcomes.await(interrupted);
    }

    @Test
    void cancelsTheStageOfAFunctionThatDoesNotEnd() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CountDownLatch called = new CountDownLatch(1);
        gateway.functions().register("stuck", (event, context) -> {
            called.countDown();
            return stage;
        });

        CompletableFuture<InvocationResult> result = gateway.invokeAsync("stuck", Event.of("a", null));
        Outcomes.await(called);
        clock.advance(Duration.ofSeconds(31));

        assertThatThrownBy(() -> get(result)).cause().hasMessageContaining("did not end before its deadline");
        Awaitility.await().until(stage::isCancelled);
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void aFunctionMayInvokeAnother() {
        gateway.functions().register("inner", (event, context) -> event.dataAs(Integer.class) + 1);
        gateway.functions()
                .register(
                        "outer",
                        (event, context) -> gateway.invoke("inner", event.dataAs(Integer.class))
                                        .valueAs(Integer.class)
                                * 2);

        assertThat(gateway.invoke("outer", 20).valueAs(Integer.class)).isEqualTo(42);
    }

    @Test
    void functionsThatInvokeEachOtherFromEveryThreadDoNotBlockTheGateway() {
        try (EventGateway narrow = EventGateway.builder().workerThreads(2).build()) {
            narrow.functions().register("inner", (event, context) -> 1);
            narrow.functions().register("outer", (event, context) -> narrow.invoke("inner", null)
                    .valueAs(Integer.class));
            narrow.subscribe("a", "outer");
            for (int i = 0; i < 50; i++) {
                narrow.emit("a", i);
            }
            assertThat(narrow.awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void anUnknownFunctionsMessageNamesThoseSpeltLikeIt() {
        gateway.functions().register("sendEmail", (event, context) -> null);
        gateway.functions().register("audit", (event, context) -> null);

        assertThatThrownBy(() -> gateway.invoke("sendMail", null))
                .hasMessage("function 'sendMail' is not registered in space 'default'; did you mean 'sendEmail'?");
        assertThatThrownBy(() -> gateway.subscribe("a", "adit"))
                .hasMessageEndingWith("is not registered in space 'default'; register it first; did you mean 'audit'?");
        assertThatThrownBy(() -> gateway.subscribe("a", "other")).hasMessageEndingWith("register it first");
    }

    @Test
    void whatInvokeWouldThrowTheFutureOfInvokeAsyncEndsWith() {
        assertThat(gateway.invokeAsync("missing", Event.of("a", null)))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(FunctionNotFoundException.class);
        try (EventGateway full =
                EventGateway.builder().backlog(1, BacklogPolicy.REJECT).build()) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            full.functions().register("f", (event, context) -> end);
            CompletableFuture<InvocationResult> first = full.invokeAsync("f", 1);

            assertThat(full.invokeAsync("f", 2))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(BacklogFullException.class);
            end.complete(null);
            get(first);
        }
    }
}

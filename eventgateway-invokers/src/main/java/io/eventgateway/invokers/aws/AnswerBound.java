package io.eventgateway.invokers.aws;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Ends a call whose answer is larger than its {@link #MAX_BYTES}, while the answer is read. Stateless. */
public final class AnswerBound implements ExecutionInterceptor {
    /** The most bytes that a call's answer may have. */
    public static final ExecutionAttribute<Integer> MAX_BYTES =
            new ExecutionAttribute<>("io.eventgateway.maxResponseBytes");

    /** An answer that was larger than it may be. */
    static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int limit;

        TooLarge(int limit) {
            super("the answer has more than " + limit + " bytes", null, false, false);
            this.limit = limit;
        }

        int limit() {
            return limit;
        }
    }

    @Override
    public Optional<Publisher<ByteBuffer>> modifyAsyncHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        Integer limit = attributes.getAttribute(MAX_BYTES);
        return limit == null
                ? context.responsePublisher()
                : context.responsePublisher().map(body -> bounded(body, limit));
    }

    /** The body, which fails with {@link TooLarge} where it is larger than the limit in bytes. */
    public static Publisher<ByteBuffer> bounded(Publisher<ByteBuffer> body, int limit) {
        return subscriber -> body.subscribe(new Counting(subscriber, limit));
    }

    /** Passes on what it gets until that is too much. Its calls come one after the other, as Reactive Streams has it. */
    private static final class Counting implements Subscriber<ByteBuffer> {
        private final Subscriber<? super ByteBuffer> next;
        private final int limit;
        private long read;
        private boolean ended;

        @SuppressWarnings("NullAway.Init") // onSubscribe comes first
        private Subscription subscription;

        Counting(Subscriber<? super ByteBuffer> next, int limit) {
            this.next = next;
            this.limit = limit;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            next.onSubscribe(given);
        }

        @Override
        public void onNext(ByteBuffer part) {
            if (ended) {
                return;
            }
            read += part.remaining();
            if (read > limit) {
                ended = true;
                subscription.cancel();
                next.onError(new TooLarge(limit));
            } else {
                next.onNext(part);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!ended) {
                ended = true;
                next.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (!ended) {
                ended = true;
                next.onComplete();
            }
        }
    }
}

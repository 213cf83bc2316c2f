package io.eventgateway.examples.docs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for somebody's client of a service. */
final class SmsClient implements AutoCloseable {
    static final List<String> SENT = new CopyOnWriteArrayList<>();
    /** The calls to a number that ends with 9, which are not answered. */
    static final List<CompletableFuture<String>> HANGING = new CopyOnWriteArrayList<>();

    private final String number;

    SmsClient(String number) {
        this.number = number;
    }

    /** The service said no. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        int code() {
            return 503;
        }

        boolean mayRetry() {
            return true;
        }
    }

    /** Answers the text itself; to a number that ends with 8 the service refuses, to one that ends with 9 it is silent. */
    CompletableFuture<String> send(String token, byte[] text, Duration within) {
        SENT.add(number + ": " + text.length + " bytes, " + (within.isNegative() ? "too late" : "by " + token));
        if (number.endsWith("8")) {
            return CompletableFuture.failedFuture(new Refused());
        }
        if (number.endsWith("9")) {
            CompletableFuture<String> hanging = new CompletableFuture<>();
            HANGING.add(hanging);
            return hanging;
        }
        return CompletableFuture.completedFuture(new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        SENT.add(number + ": closed");
    }
}

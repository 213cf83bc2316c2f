package io.eventgateway.examples.docs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for somebody's client of a service, which holds nothing that must be closed. */
final class SmsClient {
    static final List<String> SENT = new CopyOnWriteArrayList<>();
    /** The calls to a number that ends with 9, which are not answered. */
    static final List<CompletableFuture<byte[]>> HANGING = new CopyOnWriteArrayList<>();

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

    /** Answers what it got; to a number that ends with 8 the service refuses, to one that ends with 9 it is silent. */
    CompletableFuture<byte[]> send(String token, byte[] text, Duration within) {
        SENT.add(number + ": " + text.length + " bytes, " + (within.isNegative() ? "too late" : "by " + token));
        if (number.endsWith("8")) {
            return CompletableFuture.failedFuture(new Refused());
        }
        if (number.endsWith("9")) {
            CompletableFuture<byte[]> hanging = new CompletableFuture<>();
            HANGING.add(hanging);
            return hanging;
        }
        return CompletableFuture.completedFuture(text);
    }
}

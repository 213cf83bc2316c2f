package io.eventgateway.examples.docs;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for somebody's client of a service. */
final class SmsClient implements AutoCloseable {
    static final List<String> SENT = new CopyOnWriteArrayList<>();

    private final String number;

    SmsClient(String number) {
        this.number = number;
    }

    CompletableFuture<String> send(byte[] text) {
        SENT.add(number + ": " + text.length + " bytes");
        return CompletableFuture.completedFuture("message-" + SENT.size());
    }

    @Override
    public void close() {
        SENT.add(number + ": closed");
    }
}

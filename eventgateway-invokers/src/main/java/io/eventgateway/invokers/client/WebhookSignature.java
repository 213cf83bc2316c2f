package io.eventgateway.invokers.client;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.history.EventHistory;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests as Standard Webhooks has it: {@code webhook-id}, {@code webhook-timestamp} and {@code webhook-signature}. Thread-safe.
 *
 * <p>Keys are read each time, and parsed when they have changed.
 */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class WebhookSignature implements Authentication {
    private static final String ID = "webhook-id";
    private static final int ID_BYTES = 18;

    private final InstantSource clock;
    private final Key[] keys;

    /** A key, and what it was made of; replaced as one when the secret has changed. */
    private static final class Key {
        private final Secret secret;
        private volatile @Nullable Parsed parsed;

        private record Parsed(String text, WebhookKey key) {}

        Key(Secret secret) {
            this.secret = secret;
        }

        WebhookKey current() {
            String text = secret.value();
            Parsed last = parsed;
            if (last == null || !last.text().equals(text)) {
                last = new Parsed(text, WebhookKey.parse(text));
                parsed = last;
            }
            return last.key();
        }
    }

    /** Signs with the keys of the settings, at the time of a clock. */
    public WebhookSignature(SigningSettings settings, InstantSource clock) {
        this.clock = clock;
        this.keys = settings.all().stream().map(Key::new).toArray(Key[]::new);
    }

    /**
     * The request with the id of its message: the same for every call of a subscription with the same events, and for no other one, so
     * that a receiver may pass over what it has got. The calls of a replay have ids of their own.
     */
    public static Request identified(Request request, Invocation invocation) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, invocation.space());
            add(digest, String.valueOf(invocation.subscriptionId()));
            for (Event event : invocation.events()) {
                add(digest, event.getSource().toString());
                add(digest, event.getId());
                Object replay = event.getExtension(EventHistory.REPLAY);
                add(digest, replay == null ? "" : String.valueOf(replay));
            }
            byte[] id = new byte[ID_BYTES];
            System.arraycopy(digest.digest(), 0, id, 0, ID_BYTES);
            return request.newBuilder()
                    .header(ID, "msg_" + Base64.getUrlEncoder().withoutPadding().encodeToString(id))
                    .build();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    /**
     * {@inheritDoc}
     *
     * @param request {@linkplain #identified identified}, with a {@link BytesBody}
     */
    @Override
    public CompletionStage<Request> authenticate(Request request) {
        String id = Objects.requireNonNull(request.header(ID), "the request must be identified");
        long seconds = clock.instant().getEpochSecond();
        byte[] head = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
        byte[] body = request.body() instanceof BytesBody bytes ? bytes.bytes() : new byte[0];
        StringBuilder signatures = new StringBuilder();
        for (Key key : keys) {
            signatures.append(signatures.isEmpty() ? "" : " ").append(signed(key, head, body));
        }
        return CompletableFuture.completedFuture(request.newBuilder()
                .header("webhook-timestamp", String.valueOf(seconds))
                .header("webhook-signature", signatures.toString())
                .build());
    }

    private static String signed(Key key, byte[] head, byte[] body) {
        try {
            return key.current().sign(head, body);
        } catch (IllegalArgumentException | GeneralSecurityException e) { // of a secret that was read just now
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    e instanceof IllegalArgumentException
                            ? String.valueOf(e.getMessage())
                            : "a signature could not be made");
        }
    }
}

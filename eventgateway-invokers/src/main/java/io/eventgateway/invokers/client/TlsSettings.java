package io.eventgateway.invokers.client;

import io.eventgateway.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tls} entry of a function's configuration: PEM texts, mostly references such as {@code ${file:/run/secrets/ca.pem}}.
 *
 * @param trust the certificates that a server's certificate must come from, in place of the JVM's; the JVM's unless said
 * @param certificate the chain that shows who calls, the caller's own certificate first (mutual TLS)
 * @param key the private key of the certificate, as PKCS #8 without a password
 */
public record TlsSettings(
        @Nullable Secret trust,
        @Nullable Secret certificate,
        @Nullable Secret key) {
    /** Checks what can be checked before secrets are read. */
    public TlsSettings {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("'tls' must have both 'certificate' and 'key', or neither");
        }
        if (trust == null && certificate == null) {
            throw new IllegalArgumentException("'tls' must have 'trust', or 'certificate' and 'key'");
        }
        if (!isReference(trust) && !isReference(certificate) && !isReference(key)) {
            Pem.context(text(trust), text(certificate), text(key));
        }
    }

    private static boolean isReference(@Nullable Secret secret) {
        return secret != null && secret.isReference();
    }

    static @Nullable String text(@Nullable Secret secret) {
        return secret == null ? null : secret.value();
    }
}

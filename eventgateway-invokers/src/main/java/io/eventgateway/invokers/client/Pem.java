package io.eventgateway.invokers.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Reads certificates and keys in PEM (RFC 7468). Its messages show nothing of what they hold. */
final class Pem {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};
    /** A signature for each kind of keys. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "DSA", "SHA256withDSA");

    private Pem() {}

    /** What a client needs for TLS. */
    record Tls(SSLSocketFactory sockets, X509TrustManager trust) {}

    /**
     * Makes TLS of PEM texts; null stands for the JVM's trusted certificates, and for no certificate of one's own.
     *
     * @throws IllegalArgumentException if a text is not what it should be; the message names the entry
     */
    static Tls context(@Nullable String trust, @Nullable String certificate, @Nullable String key) {
        try {
            X509TrustManager trusted = trusted(trust);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own(certificate, key), new TrustManager[] {trusted}, null);
            return new Tls(context.getSocketFactory(), trusted);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "'tls' can't be used: " + e.getClass().getSimpleName() + " (does 'key' belong to 'certificate'?)");
        }
    }

    private static X509TrustManager trusted(@Nullable String trust) throws GeneralSecurityException, IOException {
        KeyStore store = null;
        if (trust != null) {
            store = emptyStore();
            int number = 0;
            for (Certificate certificate : certificates("trust", trust)) {
                store.setCertificateEntry("trusted-" + number++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    private static KeyManager @Nullable [] own(@Nullable String certificate, @Nullable String key)
            throws GeneralSecurityException, IOException {
        if (certificate == null || key == null) {
            return null;
        }
        Certificate[] chain = certificates("certificate", certificate).toArray(Certificate[]::new);
        PrivateKey own = privateKey(chain[0].getPublicKey().getAlgorithm(), key);
        if (!belongsTo(chain[0].getPublicKey(), own)) {
            throw new IllegalArgumentException(
                    "'tls.key' must be the private key of the first certificate of 'tls.certificate', was another's");
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("own", own, NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** Returns whether the public key verifies what the private one signs; true for kinds of keys of which that is not known. */
    private static boolean belongsTo(PublicKey known, PrivateKey own) throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(known.getAlgorithm());
        if (algorithm == null) {
            return true;
        }
        byte[] probe = {1, 2, 3};
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(own);
        signing.update(probe);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(known);
        verifying.update(probe);
        try {
            return verifying.verify(signature);
        } catch (SignatureException e) {
            return false; // of another length or curve
        }
    }

    private static Collection<? extends Certificate> certificates(String entry, String pem) {
        try {
            Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
            if (!all.isEmpty()) {
                return all;
            }
        } catch (GeneralSecurityException e) {
            // the message below says it, without the text
        }
        throw new IllegalArgumentException(
                "'tls." + entry + "' must be certificates in PEM, from -----BEGIN CERTIFICATE-----");
    }

    private static PrivateKey privateKey(String algorithm, String pem) {
        Matcher key = KEY.matcher(pem);
        if (key.find()) {
            try {
                byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                // the message below says it, without the key
            }
        }
        throw new IllegalArgumentException("'tls.key' must be a private key in PEM, from -----BEGIN PRIVATE KEY-----"
                + " (PKCS #8, without a password), of the kind of its certificate");
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}

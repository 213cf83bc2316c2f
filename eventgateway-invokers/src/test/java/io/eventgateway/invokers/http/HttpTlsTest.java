package io.eventgateway.invokers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeliveryStatus;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with certificates of their own, and functions that show theirs. */
class HttpTlsTest extends HttpFunctionTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path directory;

    private KeyStore certificateOf(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static String pem(String kind, byte[] encoded) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END " + kind
                + "-----\n";
    }

    private static String certificate(KeyStore store, String name) throws Exception {
        return pem("CERTIFICATE", store.getCertificate(name).getEncoded());
    }

    private static String key(KeyStore store, String name) throws Exception {
        return pem("PRIVATE KEY", store.getKey(name, PASSWORD).getEncoded());
    }

    private void serve(KeyStore own, KeyStore trusted) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        KeyStore others = KeyStore.getInstance("PKCS12");
        others.load(null, null);
        String alias = trusted.aliases().nextElement();
        others.setCertificateEntry(alias, trusted.getCertificate(alias));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(others);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        server.useHttps(context.getSocketFactory());
    }

    private FunctionDefinition secured(Map<String, String> tls) {
        return FunctionDefinition.http("hook", "https://127.0.0.1:" + server.getPort() + "/hooks")
                .with("tls", tls);
    }

    @Test
    void trustsTheCertificateThatTheConfigurationNames() throws Exception {
        KeyStore own = certificateOf("server");
        serve(own, own);
        server.enqueue(status(204).build());

        assertThat(deliver(secured(Map.of("trust", certificate(own, "server"))), Event.of("a", 1))
                        .status())
                .isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void trustsNoOtherCertificate() throws Exception {
        KeyStore own = certificateOf("server");
        serve(own, own);

        InvocationException failure =
                failure(secured(Map.of("trust", certificate(certificateOf("other"), "other"))), Event.of("a", 1));

        assertThat(failure).hasMessageContaining("was not reached");
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void showsItsOwnCertificateToAServerThatAsksForOne() throws Exception {
        KeyStore own = certificateOf("server");
        KeyStore client = certificateOf("client");
        serve(own, client);
        server.requireClientAuth();
        server.enqueue(status(204).build());

        assertThat(deliver(
                                secured(Map.of(
                                        "trust", certificate(own, "server"),
                                        "certificate", certificate(client, "client"),
                                        "key", key(client, "client"))),
                                Event.of("a", 1))
                        .status())
                .isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void refusesAKeyThatIsNoneWithoutShowingIt() throws Exception {
        String certificate = certificate(certificateOf("client"), "client");

        assertThatThrownBy(() ->
                        gateway.functions().register(secured(Map.of("certificate", certificate, "key", "s3cret"))))
                .hasMessageContaining("'tls.key' must be a private key in PEM")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
        assertThatThrownBy(() -> gateway.functions().register(secured(Map.of("certificate", certificate))))
                .hasMessageContaining("both 'certificate' and 'key'");
    }

    @Test
    void refusesACertificateWithAnothersKeyAtItsRegistration() throws Exception {
        KeyStore own = certificateOf("own");
        KeyStore other = certificateOf("other");
        FunctionDefinition function =
                secured(Map.of("certificate", certificate(own, "own"), "key", key(other, "other")));

        assertThatThrownBy(() -> gateway.functions().register(function))
                .hasMessageContaining("'tls.key' must be the private key of the first certificate");
    }
}

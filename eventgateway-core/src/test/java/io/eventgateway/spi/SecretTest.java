package io.eventgateway.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.InvocationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {
    private final Map<String, String> vault = new ConcurrentHashMap<>();

    private Secret secret(String text) {
        return Secret.of(text, List.of(new Secrets() {
            @Override
            public String scheme() {
                return "vault";
            }

            @Override
            public @Nullable String resolve(String name) {
                if (name.equals("sealed")) {
                    throw new IllegalStateException("the password is hunter2");
                }
                return vault.get(name);
            }
        }));
    }

    @Test
    void aTextWithoutReferencesIsItself() {
        assertThat(Secret.of("a $price of {5}").value()).isEqualTo("a $price of {5}");
        assertThat(Secret.of("plain").isReference()).isFalse();
    }

    @Test
    void aReferenceIsResolvedEachTimeItIsUsed() {
        Secret secret = secret("Bearer ${vault:token}!");
        vault.put("token", "one");
        assertThat(secret.value()).isEqualTo("Bearer one!");

        vault.put("token", "two");

        assertThat(secret.value()).isEqualTo("Bearer two!");
        assertThat(secret.isReference()).isTrue();
    }

    @Test
    void whatASecretHoldsIsNoReferenceItself() {
        vault.put("a", "${vault:b}");
        vault.put("b", "inner");

        assertThat(secret("${vault:a}").value()).isEqualTo("${vault:b}");
    }

    @Test
    void aDoubledDollarSignStandsForOne() {
        assertThat(secret("$${vault:token}").value()).isEqualTo("${vault:token}");
    }

    @Test
    void aMissingSecretFailsTheCallAndMayBeThereAtTheNext() {
        assertThatThrownBy(secret("${vault:token}")::value)
                .isInstanceOfSatisfying(InvocationException.class, e -> {
                    assertThat(e.kind()).isEqualTo(InvocationException.Kind.CALL_FAILED);
                    assertThat(e.retryable()).isTrue();
                })
                .hasMessage("the secret ${vault:token} is missing");
    }

    @Test
    void whatASourceThrowsIsNotShown() {
        assertThatThrownBy(secret("${vault:sealed}")::value)
                .isInstanceOf(InvocationException.class)
                .hasMessage("the secret ${vault:sealed} can't be read: java.lang.IllegalStateException")
                .hasNoCause();
    }

    @Test
    void aReferenceThatNobodyResolvesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secret("hunter2 ${safe:token}"))
                .withMessage("refers to a secret of the unknown scheme 'safe'; known are [vault]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secret("hunter2 ${token}"))
                .withMessageContaining("${env:NAME}")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void theTextIsNotShown() {
        assertThat(secret("hunter2")).hasToString("***");
        assertThat(secret("hunter2")).isEqualTo(secret("hunter2")).isNotEqualTo(secret("hunter3"));
    }

    @Test
    void aFileBelowTheDirectoryIsASecretWithoutItsLastLineFeed(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("token"), "hunter2\n");
        Secrets files = Secrets.files(directory);

        assertThat(files.resolve("token")).isEqualTo("hunter2");
        assertThat(files.resolve(directory.resolve("token").toString())).isEqualTo("hunter2");
        assertThat(files.resolve("other")).isNull();
    }

    @Test
    void whatIsOutsideOfTheDirectoryIsMissing(@TempDir Path parent) throws Exception {
        Path directory = Files.createDirectory(parent.resolve("secrets"));
        Path outside = Files.writeString(parent.resolve("outside"), "hunter2");
        Files.createSymbolicLink(directory.resolve("link"), outside);
        Secrets files = Secrets.files(directory);

        assertThat(files.resolve("../outside")).isNull();
        assertThat(files.resolve(outside.toString())).isNull();
        assertThat(files.resolve("link")).isNull();
    }

    @Test
    void aFileIsBounded(@TempDir Path directory) throws Exception {
        Files.write(directory.resolve("large"), new byte[64 * 1024 + 1]);

        assertThatThrownBy(() -> Secrets.files(directory).resolve("large")).hasMessageContaining("65536 bytes");
    }

    @Test
    void theEnvironmentHasItsVariables() throws Exception {
        assertThat(Secrets.environment().resolve("PATH")).isEqualTo(System.getenv("PATH"));
        assertThat(Secrets.environment().resolve("NO_SUCH_VARIABLE")).isNull();
    }
}

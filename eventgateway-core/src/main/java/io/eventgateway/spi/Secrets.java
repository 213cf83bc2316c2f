package io.eventgateway.spi;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A source of secrets that configurations of functions refer to, as {@code ${scheme:name}}. Thread-safe.
 *
 * <p>It is asked each time a secret is used, so that a changed secret holds from the next call on; a source that is far away keeps what
 * it has got for a while.
 */
public interface Secrets {
    /** The scheme of its references, such as {@code env}: letters, digits and hyphens. Constant. */
    String scheme();

    /**
     * The secret of a name.
     *
     * @return null if there is none
     * @throws Exception if it can't be read; the attempt fails and is made again as the delivery's policy says. Its message is never
     *     shown, since it might tell the secret
     */
    @Nullable String resolve(String name) throws Exception;

    /** The environment variables of this process: {@code ${env:NAME}}. */
    static Secrets environment() {
        return new Secrets() {
            @Override
            public String scheme() {
                return "env";
            }

            @Override
            public @Nullable String resolve(String name) {
                return System.getenv(name);
            }
        };
    }

    /**
     * The files below a directory, such as those that container platforms mount: {@code ${file:/run/secrets/name}} or {@code
     * ${file:name}}. A file holds at most 64 KiB of UTF-8; a line feed at its end is not part of the secret.
     *
     * @param directory what is outside of it is never read, by links neither
     */
    static Secrets files(Path directory) {
        return new SecretFiles(directory);
    }
}

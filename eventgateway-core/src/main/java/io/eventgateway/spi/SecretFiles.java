package io.eventgateway.spi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The secrets in the files of a directory. */
final class SecretFiles implements Secrets {
    private static final int LARGEST = 64 * 1024;

    private final Path directory;

    /** The secrets below a directory. */
    SecretFiles(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public @Nullable String resolve(String name) throws IOException {
        Path file = directory.resolve(name).normalize();
        try {
            if (!file.startsWith(directory) || !file.toRealPath().startsWith(directory.toRealPath())) {
                return null; // as if it were not there: who asks is not to learn what else there is
            }
        } catch (NoSuchFileException e) {
            return null;
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new IOException("a secret has at most " + LARGEST + " bytes");
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.endsWith("\r\n")
                ? text.substring(0, text.length() - 2)
                : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}

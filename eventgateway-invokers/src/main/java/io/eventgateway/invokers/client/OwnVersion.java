package io.eventgateway.invokers.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this library calls itself to servers. */
public final class OwnVersion {
    /** The value of {@code User-Agent}. */
    public static final String USER_AGENT = "eventgateway-java/" + version();

    private OwnVersion() {}

    private static String version() {
        Properties properties = new Properties();
        try (InputStream file = OwnVersion.class.getResourceAsStream("version.properties")) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}

package io.eventgateway.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page that lists what the published modules offer is what they offer. */
class PublicSurfaceTest {
    /** The system property that makes the test write the page instead of comparing it. */
    private static final String WRITE_PROPERTY = "surface.write";

    private static final Path FILE = Path.of("..", "..", "docs", "api.md");

    /** A type of each published module, by which its jar is found. */
    private static final List<Class<?>> MODULES = List.of(
            io.eventgateway.EventGateway.class,
            io.eventgateway.jdbc.JdbcStores.class,
            io.eventgateway.test.GatewayTest.class);

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private final String page =
            PublicSurface.page(MODULES.stream().map(PublicSurfaceTest::jarOf).toArray(Path[]::new));

    @Test
    void thePageListsWhatTheModulesOffer() throws IOException {
        if (Boolean.getBoolean(WRITE_PROPERTY)) {
            Files.writeString(FILE, page);
        } else if (!Files.exists(FILE) || !Files.readString(FILE).equals(page)) {
            fail("docs/api.md is not what the modules offer; the command on the page writes it anew");
        }
    }

    @Test
    void listsTypesOfEveryModuleAndNothingThatIsHidden() {
        assertThat(page).contains("**EventGateway** interface", "**JdbcStores** ", "**GatewayTest** annotation");
        assertThat(page.lines().filter(line -> line.startsWith("##"))).noneMatch(line -> line.contains("internal"));
        assertThat(page.lines().filter(line -> line.startsWith("* "))).doesNotHaveDuplicates();
    }
}

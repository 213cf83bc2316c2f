package io.eventgateway.examples.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GithubCatalogueTest {
    @Test
    void findsTheTypoChecksTheWebhooksAndWritesTheCatalogue(@TempDir Path directory) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        GithubCatalogue.run(new PrintStream(printed, true, StandardCharsets.UTF_8), directory);

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("224 event types are registered")
                .contains("subscription 'drafts'")
                .contains("did you mean data.pull_request.draft?")
                .doesNotContain("subscription 'bugs'")
                .contains("277 of 329 webhooks have the schemas of their types");
        JsonNode asyncApi = JsonMapper.shared().readTree(directory.resolve("asyncapi.json"));
        assertThat(asyncApi.path("asyncapi").asString("")).isEqualTo("3.0.0");
        assertThat(directory.resolve("routing.svg"))
                .content()
                .startsWith("<svg")
                .contains("review");
    }
}

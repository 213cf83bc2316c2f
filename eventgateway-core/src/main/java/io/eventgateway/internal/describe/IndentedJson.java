package io.eventgateway.internal.describe;

import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** JSON for files: indented by two blanks, with the same line ends on every system. */
final class IndentedJson {
    private static final ObjectWriter WRITER = JsonMapper.shared().writer().with((PrettyPrinter)
            new DefaultPrettyPrinter()
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private IndentedJson() {}

    static String of(JsonNode tree) {
        return WRITER.writeValueAsString(tree) + "\n";
    }
}

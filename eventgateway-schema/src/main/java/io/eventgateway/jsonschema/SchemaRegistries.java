package io.eventgateway.jsonschema;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Draft202012;
import com.networknt.schema.dialect.Draft7;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;

/** Makes the library's registries, as one schema needs them. Stateless. */
final class SchemaRegistries {
    private static final Dialect DRAFT_2020_12 = ours(Draft202012.getInstance());
    private static final Dialect DRAFT_7 = ours(Draft7.getInstance());

    private SchemaRegistries() {}

    /** A dialect without the library's formats: those of {@link Formats} are asserted, all others are annotations. */
    private static Dialect ours(Dialect blueprint) {
        return Dialect.builder(blueprint)
                .formats(formats -> formats.clear())
                .formats(Formats.ASSERTED)
                // they say nothing of data (JSON Schema core, 6.5), and the library would warn of each
                .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword))
                .build();
    }

    /** A registry that reads schemas of a dialect unless they say otherwise, and documents from nowhere but those. */
    static SchemaRegistry of(DialectName name, SchemaDocuments documents, Patterns patterns) {
        Dialect dialect =
                switch (name) {
                    case DRAFT_2020_12 -> DRAFT_2020_12;
                    case DRAFT_7 -> DRAFT_7;
                };
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ROOT)
                // messages are our own, and the library's bundles are not on board
                .messageSource((key, fallback, locale, arguments) -> key)
                .formatAssertionsEnabled(true)
                .regularExpressionFactory(patterns)
                .preloadSchema(false)
                .build();
        return SchemaRegistry.withDialects(
                List.of(DRAFT_2020_12, DRAFT_7), builder -> builder.defaultDialectId(dialect.getId())
                        .nodeReader(SchemaJson.READER)
                        .schemaLoader(documents)
                        .schemaRegistryConfig(config));
    }
}

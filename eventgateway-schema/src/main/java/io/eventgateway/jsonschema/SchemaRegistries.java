package io.eventgateway.jsonschema;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.path.PathType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Makes the library's registries, as one schema needs them. */
final class SchemaRegistries {
    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ROOT)
            .messageSource(key -> "") // messages are our own, and the library's bundles are not on board
            .formatAssertionsEnabled(true)
            .regularExpressionFactory(BoundedRegex::new)
            .preloadSchema(false)
            .build();

    private SchemaRegistries() {}

    /** A registry that reads schemas of a dialect unless they say otherwise, and documents from nowhere but those. */
    static SchemaRegistry of(DialectName dialect, SchemaDocuments documents) {
        List<Dialect> dialects =
                Arrays.stream(DialectName.values()).map(DialectName::dialect).toList();
        return SchemaRegistry.withDialects(dialects, builder -> builder.defaultDialectId(
                        dialect.dialect().getId())
                .nodeReader(SchemaJson.READER)
                .schemaLoader(documents)
                .schemaRegistryConfig(CONFIG));
    }
}

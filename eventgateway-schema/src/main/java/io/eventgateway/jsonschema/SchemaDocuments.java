package io.eventgateway.jsonschema;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.resource.InputStreamSource;
import com.networknt.schema.resource.SchemaLoader;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.spi.SchemaProvider;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The documents that a schema may refer to: the meta-schemas, and what the gateway's resolver gives. Nothing is looked for on the network
 * or the class path. While a type is registered it is confined to that thread; no event makes it load anything, because all references
 * were followed by then.
 */
final class SchemaDocuments extends SchemaLoader {
    private static final int MOST_DOCUMENTS = 1_000;
    private static final String FOLDER = "meta/";
    private static final Map<String, String> META_SCHEMAS = Map.of(
            "https://json-schema.org/draft/2020-12/schema", "2020-12/schema.json",
            "https://json-schema.org/draft/2020-12/meta/core", "2020-12/core.json",
            "https://json-schema.org/draft/2020-12/meta/applicator", "2020-12/applicator.json",
            "https://json-schema.org/draft/2020-12/meta/unevaluated", "2020-12/unevaluated.json",
            "https://json-schema.org/draft/2020-12/meta/validation", "2020-12/validation.json",
            "https://json-schema.org/draft/2020-12/meta/meta-data", "2020-12/meta-data.json",
            "https://json-schema.org/draft/2020-12/meta/format-annotation", "2020-12/format-annotation.json",
            "https://json-schema.org/draft/2020-12/meta/content", "2020-12/content.json",
            "http://json-schema.org/draft-07/schema", "draft-07.json");

    private final SchemaProvider.@Nullable Resolver resolver;
    private int documents;

    /** The documents of a resolver, and the meta-schemas; null for these alone. */
    SchemaDocuments(SchemaProvider.@Nullable Resolver resolver) {
        super(List.of(), List.of());
        this.resolver = resolver;
    }

    @Override
    public InputStreamSource getSchemaResource(AbsoluteIri iri) {
        String address = iri.toString();
        String metaSchema = META_SCHEMAS.get(address);
        if (metaSchema != null) {
            return () -> SchemaDocuments.class.getResourceAsStream(FOLDER + metaSchema);
        }
        byte[] text = document(address);
        return () -> new ByteArrayInputStream(text);
    }

    private byte[] document(String address) {
        documents++;
        if (documents > MOST_DOCUMENTS) {
            throw new InvalidEventTypeException(
                    "a schema must refer to at most " + MOST_DOCUMENTS + " other documents, refers to more");
        }
        String text = resolver == null ? null : resolved(resolver, address);
        if (text == null) {
            throw new InvalidEventTypeException("a schema refers to '" + Cut.to(address, Cut.LONG)
                    + "', which the gateway's schemaResolver does not have; nothing else is asked for it");
        }
        JsonNode document = SchemaJson.read("the schema at '" + Cut.to(address, Cut.LONG) + "'", text);
        MetaSchema.check("the schema at '" + Cut.to(address, Cut.LONG) + "'", document);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String resolved(SchemaProvider.Resolver resolver, String address) {
        try {
            return resolver.resolve(URI.create(address));
        } catch (RuntimeException e) { // foreign code, or an address that is no URI
            throw new InvalidEventTypeException(
                    "a schema refers to '" + Cut.to(address, Cut.LONG) + "', which could not be resolved ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }
}

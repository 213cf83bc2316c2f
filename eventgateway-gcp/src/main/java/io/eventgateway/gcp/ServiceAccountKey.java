package io.eventgateway.gcp;

import io.eventgateway.invokers.client.EndpointUrl;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import okhttp3.HttpUrl;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The key of a service account, as Google Cloud writes it into a JSON file. An immutable value.
 *
 * @param email of the account
 * @param keyId by which Google knows the key
 * @param tokenUri where tokens are had for it
 */
record ServiceAccountKey(String email, String keyId, PrivateKey key, HttpUrl tokenUri) {
    private static final long LIFE_SECONDS = 3600;

    /**
     * Reads the JSON.
     *
     * @throws IllegalArgumentException if it is not such a key; the message shows nothing of it
     */
    static ServiceAccountKey parse(String json) {
        JsonNode file;
        try {
            file = JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            throw invalid("JSON"); // without the cause, which shows a part of it
        }
        String email = member(file, "client_email");
        String keyId = member(file, "private_key_id");
        HttpUrl tokenUri = HttpUrl.parse(member(file, "token_uri"));
        if (tokenUri == null) {
            throw invalid("with a URL as 'token_uri'");
        }
        EndpointUrl.checkEncrypted("serviceAccountKey.token_uri", tokenUri);
        return new ServiceAccountKey(email, keyId, privateKey(member(file, "private_key")), tokenUri);
    }

    private static String member(JsonNode file, String name) {
        String value = file.path(name).asString("");
        if (value.isEmpty()) {
            throw invalid("with '" + name + "'");
        }
        return value;
    }

    private static PrivateKey privateKey(String pem) {
        try {
            String base64 =
                    pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw invalid("with an RSA key in PEM as 'private_key'"); // without the cause, which may show a part of it
        }
    }

    private static IllegalArgumentException invalid(String expected) {
        return new IllegalArgumentException(
                "'serviceAccountKey' must be the JSON of a service account's key, " + expected);
    }

    /** A signed assertion (RFC 7523) that asks for an identity token for an audience. */
    String assertion(String audience, Instant now) {
        String header = JsonMapper.shared()
                .createObjectNode()
                .put("alg", "RS256")
                .put("typ", "JWT")
                .put("kid", keyId)
                .toString();
        String claims = JsonMapper.shared()
                .createObjectNode()
                .put("iss", email)
                .put("sub", email)
                .put("aud", tokenUri.toString())
                .put("iat", now.getEpochSecond())
                .put("exp", now.getEpochSecond() + LIFE_SECONDS)
                .put("target_audience", audience)
                .toString();
        String signed = encoded(header.getBytes(StandardCharsets.UTF_8)) + "."
                + encoded(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RS256 is in every JDK", e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Says whose it is. */
    @Override
    public String toString() {
        return "ServiceAccountKey[" + email + "]";
    }
}

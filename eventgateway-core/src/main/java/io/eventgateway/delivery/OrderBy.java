package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.internal.json.ValueJson;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries in the order of their acceptance, key by key: one at a time for events of the same key, retries included, while
 * other keys flow. An event without the key is not ordered.
 *
 * @param key the name of an attribute or an extension ({@code subject}), or the data or a path into it ({@code data.customer.id},
 *     {@code data.items[0].sku}); a leading {@code $.} is left out
 * @param onDeadLetter what a dead letter does to those behind it
 */
public record OrderBy(String key, OnDeadLetter onDeadLetter) {
    private static final Pattern KEY =
            Pattern.compile("[a-z0-9]{1,64}|data(\\.[^.\\[\\]]{1,256}|\\[[0-9]{1,9}]){1,32}");

    /** What a dead letter does to its key. */
    public enum OnDeadLetter {
        /** The next event of the key is delivered. */
        RELEASE,
        /** The key's events wait until the dead letter is redriven and delivered, or purged; their time to live goes on. */
        HOLD
    }

    /** Checks the key. */
    public OrderBy {
        Objects.requireNonNull(onDeadLetter, "onDeadLetter must not be null");
        key = Objects.requireNonNull(key, "key must not be null").startsWith("$.") ? key.substring(2) : key;
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "the key of orderBy must be an attribute such as 'subject' or a path such as"
                            + " 'data.customer.id', was '" + key + "'");
        }
    }

    @JsonCreator
    static OrderBy fromJson(
            @JsonProperty("key") @Nullable String key,
            @JsonProperty("onDeadLetter") @Nullable OnDeadLetter onDeadLetter) {
        return new OrderBy(ValueJson.required("key", key), onDeadLetter == null ? OnDeadLetter.RELEASE : onDeadLetter);
    }
}

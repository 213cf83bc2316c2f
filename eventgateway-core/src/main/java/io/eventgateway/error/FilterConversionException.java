package io.eventgateway.error;

import io.eventgateway.EventGatewayException;
import io.eventgateway.Filter;
import org.jspecify.annotations.Nullable;

/** A filter can't be written in another language with the same meaning. The message says which test, and what that language lacks. */
public final class FilterConversionException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    private final Filter.Language language;
    private final String path;
    private final String reason;

    /** Creates the exception: what a language lacks for the test at a path, or for the whole filter if the path is empty. The cause may be null. */
    public FilterConversionException(Filter.Language language, String path, String reason, @Nullable Throwable cause) {
        super(
                "the filter can't be written as " + language.word() + ": " + (path.isEmpty() ? "" : path + ": ")
                        + reason,
                cause);
        this.language = language;
        this.path = path;
        this.reason = reason;
    }

    /** Returns the language in which the filter can't be written. */
    public Filter.Language language() {
        return language;
    }

    /** The path of the test that can't be written, such as {@code data.total}; empty where it is not one test. */
    public String path() {
        return path;
    }

    /** Returns what that language lacks. */
    public String reason() {
        return reason;
    }
}

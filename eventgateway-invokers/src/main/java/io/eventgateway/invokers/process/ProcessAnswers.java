package io.eventgateway.invokers.process;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Makes results and failures of how a program ended. Thread-safe. */
final class ProcessAnswers {
    private static final Logger log = LoggerFactory.getLogger(ProcessAnswers.class);

    /** As many bytes of the standard error are kept: more than any secret has, so that none is cut in two and then not found. */
    static final int LONGEST_ERRORS = 64 * 1024;

    private static final int LONGEST_EXCERPT = 200;
    private static final int SHORTEST_SECRET = 4;
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BYTES = "application/octet-stream";
    /** EX_USAGE and EX_DATAERR of sysexits.h; what a shell says of a program that can't be run, or is not there. */
    private static final Set<Integer> LASTING = Set.of(64, 65, 126, 127);

    private final String functionId;
    private final ProcessConfiguration configuration;
    private final JsonMapper mapper;

    ProcessAnswers(String functionId, ProcessConfiguration configuration, JsonMapper mapper) {
        this.functionId = functionId;
        this.configuration = configuration;
        this.mapper = mapper;
    }

    /** Ends the outcome of a program that has ended by itself. */
    void complete(
            CompletableFuture<InvocationResult> result,
            int exitCode,
            byte[] output,
            byte[] errors,
            Collection<String> secrets) {
        if (exitCode != 0) {
            if (configuration.logsErrors() && errors.length > 0) {
                log.warn("Function '{}' wrote to its standard error: {}", functionId, excerpt(errors, secrets));
            }
            result.completeExceptionally(failure(
                    Kind.FUNCTION_ERROR, !LASTING.contains(exitCode), "ended with exit code " + exitCode, null));
            return;
        }
        String contentType =
                switch (configuration.readAs()) {
                    case auto -> isJson(output) ? JSON : isText(output) ? TEXT : BYTES;
                    case json -> JSON;
                    case text -> TEXT;
                    case bytes -> BYTES;
                };
        if (configuration.readAs() == ProcessConfiguration.Output.json && output.length > 0 && !isJson(output)) {
            result.completeExceptionally(failure(
                    Kind.FUNCTION_ERROR, false, "wrote what is not JSON, as its configuration says it does", null));
            return;
        }
        result.complete(InvocationResult.ofBytes(contentType, output, mapper));
    }

    private boolean isJson(byte[] output) {
        try {
            return !mapper.readTree(output).isMissingNode();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static boolean isText(byte[] output) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(output));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** The beginning of a text on one line, without secrets. */
    private static String excerpt(byte[] errors, Collection<String> secrets) {
        String text = new String(errors, StandardCharsets.UTF_8);
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST_SECRET) {
                byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
                text = text.replace(secret, "***")
                        .replace(Base64.getEncoder().withoutPadding().encodeToString(bytes), "***");
            }
        }
        text = text.replaceAll("\\s+", " ")
                .replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?")
                .strip();
        return text.length() > LONGEST_EXCERPT ? text.substring(0, LONGEST_EXCERPT) + "..." : text;
    }

    InvocationException tooLong() {
        return failure(
                Kind.FUNCTION_ERROR,
                false,
                "wrote more than " + configuration.largestOutput() + " bytes (maxOutputBytes)",
                null);
    }

    InvocationException tooLate() {
        return failure(Kind.TIMEOUT, true, "did not end in time", null);
    }

    InvocationException notStarted(Exception e) {
        return failure(Kind.CALL_FAILED, true, "could not be started: " + e.getMessage(), e);
    }

    InvocationException broken(Exception e) {
        return failure(Kind.CALL_FAILED, true, "could not be read: " + e, e);
    }

    private InvocationException failure(Kind kind, boolean retryable, String what, @Nullable Exception cause) {
        String message = "function '" + functionId + "' (" + configuration + ") " + what;
        return cause == null
                ? new InvocationException(kind, retryable, message)
                : new InvocationException(kind, retryable, message, cause);
    }
}

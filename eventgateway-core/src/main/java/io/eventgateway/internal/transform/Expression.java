package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import io.eventgateway.DataConversionException;
import io.eventgateway.Event;
import io.eventgateway.InvalidTransformException;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A JSONata expression over an event's structured JSON form. */
final class Expression implements Shaper {
    static final String LANGUAGE = "jsonata";
    private static final int MAX_TEXT = 65_536;
    private static final long MAX_MILLIS = 1_000;
    private static final int MAX_DEPTH = 200;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Jsonata expression;

    private Expression(Jsonata expression) {
        this.expression = expression;
    }

    static Expression parse(String text) {
        if (text.length() > MAX_TEXT) {
            throw new InvalidTransformException(
                    LANGUAGE,
                    "line 1, column 1",
                    "found " + text.length() + " characters; accepted are at most " + MAX_TEXT,
                    null);
        }
        try {
            return new Expression(Jsonata.jsonata(text));
        } catch (JException e) {
            throw invalid(Positions.of(text, e.getLocation() - 1), e);
        } catch (RuntimeException | StackOverflowError e) { // its parser lets some of what it can't read escape
            throw invalid("line 1, column 1", e);
        }
    }

    private static InvalidTransformException invalid(String position, Throwable e) {
        return new InvalidTransformException(
                LANGUAGE, position, "found no valid expression: " + e.getMessage() + "; accepted is JSONata 2.0", e);
    }

    @Override
    public Shaped shape(Event event, Scope scope) {
        Object made;
        try {
            Object input = JSON.convertValue(event.toJson(), Map.class);
            Jsonata.Frame frame = expression.createFrame();
            frame.setRuntimeBounds(MAX_MILLIS, MAX_DEPTH);
            made = expression.evaluate(input, frame);
        } catch (DataConversionException e) {
            throw new Failed("the event has no JSON form: " + e.getMessage(), e);
        } catch (JException e) {
            throw new Failed(
                    "the expression failed" + (e.getLocation() < 0 ? "" : " at character " + e.getLocation()) + ": "
                            + e.getMessage(),
                    e);
        } catch (RuntimeException | StackOverflowError e) { // foreign code, on what an event holds
            throw new Failed("the expression failed: " + e, e);
        }
        if (made == null) {
            throw new Failed("the expression gave nothing for this event");
        }
        try {
            return new Shaped(JSON.valueToTree(made), "application/json");
        } catch (JacksonException e) {
            throw new Failed(
                    "the expression gave what is no JSON, but a "
                            + made.getClass().getSimpleName(),
                    e);
        }
    }
}

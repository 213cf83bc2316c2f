package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.internal.filter.Positions;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A JSONata expression over an event's structured JSON form. */
final class Expression implements Shaper {
    static final String LANGUAGE = "jsonata";
    private static final int MAX_TEXT = 65_536;
    /** Characters of an expression that can't be nested deep, so that any thread's stack will do. */
    private static final int SHORT = 80;

    /** The thread's stack ended before a bound was exceeded. */
    private static final class OutOfStack extends Failed {
        private static final long serialVersionUID = 1L;

        OutOfStack(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final Jsonata expression;
    /** A transform operator, {@code |...|...|}, changes values that it has made before. */
    private final boolean changesValues;

    private final Duration time;

    private final PartialMarks marks;

    private Expression(Jsonata expression, PartialMarks marks, boolean changesValues, Duration time) {
        this.expression = expression;
        this.marks = marks;
        this.changesValues = changesValues;
        this.time = time;
    }

    static Expression parse(String text) {
        return parse(text, ExpressionBounds.MAX_TIME);
    }

    /** Parses an expression as {@link #parse(String)} does, with another bound of the time that an evaluation takes. */
    static Expression parse(String text, Duration time) {
        if (text.length() > MAX_TEXT) {
            throw new InvalidTransformException(
                    LANGUAGE,
                    "line 1, column 1",
                    "found " + text.length() + " characters; accepted are at most " + MAX_TEXT,
                    null);
        }
        return text.length() <= SHORT ? read(text, time) : LargeStack.call(() -> read(text, time));
    }

    private static Expression read(String text, Duration time) {
        PartialMarks marks = new PartialMarks();
        try {
            ExpressionText read = ExpressionText.of(text);
            marks = read.marks();
            Jsonata expression = Jsonata.jsonata(read.text());
            expression.setOutputConvertNulls(false); // so that JSON null is told from nothing
            expression.setValidateInput(false);
            ExpressionFunctions.register(expression);
            read.regexes().forEach(expression::registerFunction);
            return new Expression(expression, marks, text.indexOf('|') >= 0, time);
        } catch (ExpressionText.Refused e) {
            throw new InvalidTransformException(LANGUAGE, Positions.of(text, e.offset()), e.getMessage(), e);
        } catch (JException e) {
            throw invalid(Positions.of(text, marks.inSource(e.getLocation() - 1)), e);
        } catch (RuntimeException | StackOverflowError e) { // its parser lets some of what it can't read escape
            throw invalid("line 1, column 1", e);
        }
    }

    private static InvalidTransformException invalid(String position, Throwable e) {
        String problem = e instanceof StackOverflowError ? "it is nested too deep" : String.valueOf(e.getMessage());
        return new InvalidTransformException(
                LANGUAGE, position, "found no valid expression: " + problem + "; accepted is JSONata 2.0", e);
    }

    @Override
    public Shaped shape(Event event, Scope scope) {
        Object input;
        try {
            input = JsonValues.input(event.toJson());
        } catch (DataConversionException e) {
            throw new Failed("the event has no JSON form: " + e.getMessage(), e);
        } catch (JacksonException e) { // a tree of the application's with nodes that are not of JSON
            throw new Failed("the event's data has what is no JSON: " + e.getOriginalMessage(), e);
        }
        return new Shaped(evaluate(input), "application/json");
    }

    private JsonNode evaluate(Object input) {
        try {
            return evaluateHere(input);
        } catch (OutOfStack e) { // the bounds of an evaluation are for a stack that not every thread has
            return LargeStack.call(() -> evaluateHere(input));
        }
    }

    private JsonNode evaluateHere(Object input) {
        ExpressionBounds bounds = ExpressionBounds.begin(time, !changesValues);
        try {
            Jsonata.Frame frame = expression.createFrame();
            marks.bind(frame);
            frame.setEvaluateEntryCallback(bounds::enter);
            frame.setEvaluateExitCallback(bounds::exit);
            Object made = bounds.check(expression.evaluate(input, frame));
            if (made == null) {
                throw new Failed("the expression gave nothing for this event");
            }
            return JsonValues.output(made);
        } catch (Failed e) {
            throw e;
        } catch (RuntimeException
                | StackOverflowError
                | OutOfMemoryError
                | AssertionError e) { // foreign code, on what an event holds
            LimitExceeded exceeded = bounds.exceeded();
            throw failed(exceeded == null ? e : exceeded);
        } finally {
            ExpressionBounds.end();
        }
    }

    /**
     * The failure without what the library says of it and without the library's exception: both show values of the event, which must not
     * get into reports and logs.
     */
    private Failed failed(Throwable e) {
        if (e instanceof StackOverflowError || e.getCause() instanceof StackOverflowError) {
            return new OutOfStack("the expression failed: it goes too deep for the stack of its thread", e);
        }
        boolean hasPlace = e instanceof JException at
                && at.getLocation() >= 0
                && !"D3100".equals(at.getError()); // for which the library takes the value for the place
        String where = hasPlace ? " at character " + marks.inSource(((JException) e).getLocation()) : "";
        return new Failed("the expression failed" + where + ": " + ExpressionProblem.of(e));
    }
}

package io.eventgateway.internal.filter;

import io.eventgateway.Filter.Language;
import io.eventgateway.error.FilterConversionException;
import io.eventgateway.internal.filter.Condition.Code;
import io.eventgateway.internal.filter.Condition.Computed;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.Formula.Other;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Writes a condition in a filter language, so that what is written matches the same events.
 *
 * <p>The condition becomes a {@link Formula}, which one class for each language prints. Where a language would decide otherwise for
 * any event that there could be, it refuses.
 */
public final class Conversion {
    private Conversion() {}

    /**
     * What a condition is in a language: a document, or for CESQL a text.
     *
     * @throws FilterConversionException if that language can't say the same
     */
    public static JsonNode written(Condition condition, Language language) {
        Formula formula = FormulaReader.read(condition, language);
        return switch (language) {
            case PATTERN -> PatternPrinter.print(formula);
            case CLOUD_EVENTS -> CloudEventsPrinter.print(formula);
            case EVENT_GRID -> EventGridPrinter.print(formula);
            case CESQL -> StringNode.valueOf(new CesqlPrinter(Language.CESQL).print(formula));
        };
    }

    /** The refusal of what is no formula of attributes. */
    static FilterConversionException refused(Other other, Language language) {
        Condition condition = other.condition();
        if (condition instanceof Code code) {
            return new FilterConversionException(language, "", code.check() + " is not made of plain tests", null);
        }
        List<Path> paths = new ArrayList<>();
        condition.eachPath(paths::add);
        if (condition instanceof Computed computed) {
            String path = paths.isEmpty() ? "" : paths.get(0).toString();
            return new FilterConversionException(
                    language, path, "the expression " + computed.text() + " is not made of plain tests", null);
        }
        if (paths.isEmpty()) {
            return new FilterConversionException(language, "", condition + " is not made of plain tests", null);
        }
        Path path = paths.get(0);
        return new FilterConversionException(language, path.toString(), reason(other, path, language), null);
    }

    private static String reason(Other other, Path path, Language language) {
        if (!(other.condition() instanceof Test) && !(other.condition() instanceof Consistent)) {
            return "it is part of what is not made of plain tests";
        }
        boolean ofData = path.names().get(0).equals(Path.DATA);
        return switch (language) {
            case CESQL, CLOUD_EVENTS ->
                ofData ? "it sees attributes and extensions, not data" : "that is no name of an attribute";
            case EVENT_GRID ->
                ofData
                        ? "the test looks into every array on its way, and one of Event Grid into none, or into that at its"
                                + " key alone"
                        : "that is no name of an attribute";
            case PATTERN ->
                other.negated()
                        ? "a pattern has no contrary of tests of data"
                        : "the test looks into no array on its way, and one of a pattern into every one";
        };
    }
}

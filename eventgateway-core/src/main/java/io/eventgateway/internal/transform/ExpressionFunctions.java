package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Jsonata;
import io.eventgateway.internal.transform.ExpressionFunction.Body;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions that an expression may call: those of JSONata 2.0 but for {@code $eval}. */
final class ExpressionFunctions {
    private static final List<ExpressionFunction> ALL = all();

    private ExpressionFunctions() {}

    /** Gives an expression its functions. */
    static void register(Jsonata expression) {
        ALL.forEach(function -> expression.registerFunction(function.name(), function));
    }

    private static List<ExpressionFunction> all() {
        List<ExpressionFunction> all = new ArrayList<>();
        texts(all);
        numbers(all);
        arrays(all);
        for (String each :
                List.of("boolean <x-:b> toBoolean", "not <x-:b>", "exists <x:b>", "type <x:s>", "error <s?:x>")) {
            add(all, each, null);
        }
        add(all, "assert <bs?:x> assertFn", null);
        // a text of an event must not become an expression, and the library evaluates it without the bounds
        add(all, "eval <sx?:x> functionEval", arguments -> {
            throw arguments.exceed("is not there: what an event says is not evaluated");
        });
        return List.copyOf(all);
    }

    private static void texts(List<ExpressionFunction> all) {
        add(all, "string <x-b?:s>", TextFunctions::string);
        add(all, "substring <s-nn?:s>", TextFunctions::substring);
        add(all, "substringBefore <s-s:s>", TextFunctions::substringBefore);
        add(all, "substringAfter <s-s:s>", TextFunctions::substringAfter);
        add(all, "lowercase <s-:s>", TextFunctions::lowercase);
        add(all, "uppercase <s-:s>", TextFunctions::uppercase);
        add(all, "length <s-:n>", null);
        add(all, "trim <s-:s>", null);
        add(all, "pad <s-ns?:s>", TextFunctions::pad);
        add(all, "match <s-f<s:o>n?:a<o>>", RegexFunctions::match);
        add(all, "contains <s-(sf):b>", RegexFunctions::contains);
        add(all, "replace <s-(sf)(sf)n?:s>", RegexFunctions::replace);
        add(all, "split <s-(sf)n?:a<s>>", RegexFunctions::split);
        add(all, "join <a<s>s?:s>", TextFunctions::join);
        add(all, "base64encode <s-:s>", null);
        add(all, "base64decode <s-:s>", null);
        for (String each : List.of("encodeUrlComponent", "encodeUrl", "decodeUrlComponent", "decodeUrl")) {
            add(all, each + " <s-:s>", TextFunctions::url);
        }
    }

    private static void numbers(List<ExpressionFunction> all) {
        for (String each : List.of("sum", "max", "min", "average")) {
            add(all, each + " <a<n>:n>", null);
        }
        for (String each : List.of("floor", "ceil", "abs", "sqrt")) {
            add(all, each + " <n-:n>", null);
        }
        add(all, "round <n-n?:n>", NumberFunctions::round);
        add(all, "power <n-n:n>", null);
        add(all, "random <:n>", null);
        add(all, "number <(nsb)-:n>", null);
        add(all, "formatNumber <n-so?:s>", NumberFunctions::format);
        add(all, "formatBase <n-n?:s>", null);
        add(all, "formatInteger <n-s:s>", NumberFunctions::formatInteger);
        add(all, "parseInteger <s-s:n>", NumberFunctions::parseInteger);
        add(all, "toMillis <s-s?:n> dateTimeToMillis", TimeFunctions::toMillis);
        add(all, "fromMillis <n-s?s?:s> dateTimeFromMillis", TimeFunctions::fromMillis);
        add(all, "now <s?s?:s>", TimeFunctions::now);
        add(all, "millis <:n>", arguments -> arguments.bounds().millis());
    }

    private static void arrays(List<ExpressionFunction> all) {
        add(all, "count <a:n>", null);
        add(all, "append <xx:a>", ArrayFunctions::append);
        add(all, "sort <af?:a>", ArrayFunctions::sort);
        add(all, "spread <x-:a<o>>", ArrayFunctions::spread);
        add(all, "distinct <x:x>", ArrayFunctions::distinct);
        add(all, "map <af>", ArrayFunctions::map);
        add(all, "each <o-f:a>", ArrayFunctions::each);
        for (String each : List.of(
                "reverse <a:a>",
                "shuffle <a:a>",
                "zip <a+>",
                "filter <af>",
                "single <af?>",
                "reduce <afj?:j> foldLeft",
                "sift <o-f?:o>",
                "keys <x-:a<s>>",
                "lookup <x-s:x>",
                "merge <a<o>:o>",
                "clone <(oa)-:o> functionClone")) {
            add(all, each, null);
        }
    }

    /** Adds a function that is written as its name, its signature, and the library's method if that has another name. */
    private static void add(List<ExpressionFunction> all, String written, @Nullable Body body) {
        String[] parts = written.split(" ", -1);
        all.add(new ExpressionFunction(parts[0], parts[1], parts.length > 2 ? parts[2] : parts[0], body));
    }
}

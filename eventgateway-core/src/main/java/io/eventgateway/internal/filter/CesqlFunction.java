package io.eventgateway.internal.filter;

import io.eventgateway.internal.json.LetterCase;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The functions of CESQL: the built-in ones (CESQL 1.0, section 3.5), the casts that the specification's examples and its
 * conformance tests call, and the checks of casts that the SDKs have. Lengths and positions count characters of Unicode, which is
 * what section 3.1 makes strings of.
 */
enum CesqlFunction {
    LENGTH(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            return length(text(arguments, 0));
        }
    },
    CONCAT(0, Integer.MAX_VALUE) {
        @Override
        Object call(List<Object> arguments) {
            return joined("", arguments);
        }
    },
    CONCAT_WS(1, Integer.MAX_VALUE) {
        @Override
        Object call(List<Object> arguments) {
            return joined(text(arguments, 0), arguments.subList(1, arguments.size()));
        }
    },
    LOWER(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            return LetterCase.lower(text(arguments, 0));
        }
    },
    UPPER(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            return LetterCase.upper(text(arguments, 0));
        }
    },
    TRIM(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            String text = text(arguments, 0);
            int begin = 0;
            int end = text.length();
            while (begin < end && isWhiteSpace(text.charAt(begin))) {
                begin++;
            }
            while (begin < end && isWhiteSpace(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(begin, end);
        }
    },
    LEFT(2, 2) {
        @Override
        Object call(List<Object> arguments) {
            String text = text(arguments, 0);
            int wanted = notNegative(CesqlValue.toInteger(arguments.get(1)), this);
            return wanted >= length(text) ? text : text.substring(0, text.offsetByCodePoints(0, wanted));
        }
    },
    RIGHT(2, 2) {
        @Override
        Object call(List<Object> arguments) {
            String text = text(arguments, 0);
            int wanted = notNegative(CesqlValue.toInteger(arguments.get(1)), this);
            return wanted >= length(text) ? text : text.substring(text.offsetByCodePoints(text.length(), -wanted));
        }
    },
    SUBSTRING(2, 3) {
        @Override
        Object call(List<Object> arguments) {
            String text = text(arguments, 0);
            int position = CesqlValue.toInteger(arguments.get(1));
            int wanted = arguments.size() == 2
                    ? Integer.MAX_VALUE
                    : notNegative(CesqlValue.toInteger(arguments.get(2)), this);
            int length = length(text);
            if (position > length || position < -length) {
                throw new Evaluation.Failed(
                        "SUBSTRING was asked for position " + position + " of " + length + " characters");
            }
            if (position == 0) {
                return "";
            }
            int first = position > 0 ? position - 1 : length + position;
            int begin = text.offsetByCodePoints(0, first);
            return text.substring(begin, text.offsetByCodePoints(begin, Math.min(wanted, length - first)));
        }
    },
    ABS(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            int number = CesqlValue.toInteger(arguments.get(0));
            if (number == Integer.MIN_VALUE) {
                throw new Evaluation.Failed("ABS of " + number + " is no integer of 32 bits");
            }
            return Math.abs(number);
        }
    },
    INT(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            return CesqlValue.toInteger(arguments.get(0));
        }
    },
    BOOL(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            return CesqlValue.toBoolean(arguments.get(0));
        }
    },
    STRING(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            return text(arguments, 0);
        }
    },
    IS_INT(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            return CesqlValue.parsed(text(arguments, 0)) != null;
        }
    },
    IS_BOOL(1, 1) {
        @Override
        Object call(List<Object> arguments) {
            return CesqlValue.parsedBoolean(text(arguments, 0)) != null;
        }
    };

    /** Characters of what a function makes, so that an event's long attribute in many arguments can't fill the memory. */
    private static final int MAX_RESULT = 1_048_576;

    private final int fewest;
    private final int most;

    CesqlFunction(int fewest, int most) {
        this.fewest = fewest;
        this.most = most;
    }

    /**
     * The value for some arguments, which this casts to what it takes.
     *
     * @throws Evaluation.Failed if an argument can't be cast, or there is no value for the arguments
     */
    abstract Object call(List<Object> arguments);

    /** The function of a name, in any case; null when there is none. */
    static @Nullable CesqlFunction named(String name) {
        for (CesqlFunction each : values()) {
            if (each.name().equalsIgnoreCase(name)) {
                return each;
            }
        }
        return null;
    }

    boolean takes(int arguments) {
        return arguments >= fewest && arguments <= most;
    }

    /** How many arguments it takes, for a refusal. */
    String arity() {
        if (most == Integer.MAX_VALUE) {
            return fewest == 0
                    ? "any number of arguments"
                    : "at least " + fewest + (fewest == 1 ? " argument" : " arguments");
        }
        return fewest == most
                ? fewest + (fewest == 1 ? " argument" : " arguments")
                : fewest + " or " + most + " arguments";
    }

    /** The names of all functions, for a refusal. */
    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }

    private static String text(List<Object> arguments, int index) {
        return CesqlValue.toText(arguments.get(index));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static int notNegative(int length, CesqlFunction function) {
        if (length < 0) {
            throw new Evaluation.Failed(function + " was asked for " + length + " characters");
        }
        return length;
    }

    private static String joined(String delimiter, List<Object> values) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            joined.append(i == 0 ? "" : delimiter).append(CesqlValue.toText(values.get(i)));
            if (joined.length() > MAX_RESULT) {
                throw new Evaluation.Failed("CONCAT would make more than " + MAX_RESULT + " characters");
            }
        }
        return joined.toString();
    }

    /** Unicode's property White_Space, whose characters are all in the basic plane; Java's own has control characters too. */
    private static boolean isWhiteSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
    }
}

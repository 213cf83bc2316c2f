package io.eventgateway.internal.discovery;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What looks as if it were about a person, or secret: nothing of it is kept. It errs on the side of too much; what is not kept is
 * missing in a schema only as an enumeration.
 */
final class Personal {
    /** The longest value of an enumeration. */
    private static final int LONGEST = 40;

    private static final List<String> NAMES = List.of(
            "mail",
            "name",
            "phone",
            "mobile",
            "fax",
            "address",
            "street",
            "city",
            "zip",
            "postal",
            "birth",
            "gender",
            "age",
            "ssn",
            "passport",
            "iban",
            "card",
            "account",
            "token",
            "password",
            "secret",
            "key",
            "user",
            "login",
            "author",
            "customer",
            "person",
            "contact",
            "comment",
            "message",
            "body",
            "title",
            "ip",
            "lat",
            "lon",
            "location",
            "salary");

    private static final Pattern DIGITS = Pattern.compile(".*\\d{4}.*", Pattern.DOTALL);

    private Personal() {}

    /** Returns whether the name of a member is a value itself, such as an address or a number: no schema has it. */
    static boolean isName(String member) {
        return member.isEmpty()
                || member.length() > 100
                || member.indexOf('@') >= 0
                || DIGITS.matcher(member).matches();
    }

    /** Returns whether a member of the name has values that are about a person, or secret. */
    static boolean isNameOfPersonal(String member) {
        String lower = member.toLowerCase(Locale.ROOT);
        return NAMES.stream().anyMatch(lower::contains);
    }

    /** Returns whether a text may be kept: a short word without much of numbers in it, as the values of enumerations are. */
    static boolean mayBeKept(String text) {
        return text.length() <= LONGEST
                && text.indexOf('@') < 0
                && text.chars().filter(c -> c == ' ').count() < 2
                && !DIGITS.matcher(text).matches();
    }
}

package io.eventgateway.invokers.aws;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of AWS's names. Partitions and regions are known by their shape and not by a list, since AWS adds some each year.
 */
public final class AwsNames {
    /** The shape of a region: {@code us-east-1}, {@code us-gov-west-1}, {@code eusc-de-east-1}. */
    public static final String REGION = "[a-z]{2,8}(?:-[a-z]{1,16}){1,4}-\\d{1,2}";
    /** The shape of a partition: {@code aws}, {@code aws-cn}, {@code aws-us-gov}, {@code aws-eusc}. */
    public static final String PARTITION = "aws(?:-[a-z0-9]{1,16}){0,3}";

    private static final Pattern WHOLE_REGION = Pattern.compile(REGION);
    private static final Pattern ARN = Pattern.compile("arn:" + PARTITION + ":(?<service>[a-z0-9-]{1,32}):(?<region>"
            + REGION + "):(?<account>\\d{12}):(?<resource>[\\x21-\\x7E]{1,1000})");

    private AwsNames() {}

    /** Returns whether a text has the shape of a region. */
    public static boolean isRegion(String text) {
        return WHOLE_REGION.matcher(text).matches();
    }

    /**
     * The region of an ARN.
     *
     * @return null unless the text is an ARN of the service that names a region, an account and a resource
     */
    public static @Nullable String regionOfArn(String text, String service) {
        Matcher arn = ARN.matcher(text);
        return arn.matches() && arn.group("service").equals(service.toLowerCase(Locale.ROOT))
                ? arn.group("region")
                : null;
    }

    /**
     * The resource of an ARN of any service: what stands after the account.
     *
     * @return null if the text is no ARN
     */
    public static @Nullable String resourceOfArn(String text) {
        Matcher arn = ARN.matcher(text);
        return arn.matches() ? arn.group("resource") : null;
    }
}

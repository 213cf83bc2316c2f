package io.eventgateway.benchmarks.compare;

/**
 * What was measured of one contender.
 *
 * @param value the mean, or the median of a program's rounds
 * @param error half of the interval that the true mean is in with 99.9 % confidence; 0 where it is not known
 * @param unit the unit of both
 */
record Result(double value, double error, String unit) {
    Result {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a result must be a finite number, was " + value);
        }
        if (!Double.isFinite(error)) {
            error = 0;
        }
    }
}

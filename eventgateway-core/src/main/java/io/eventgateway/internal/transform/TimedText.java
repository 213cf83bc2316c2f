package io.eventgateway.internal.transform;

/** A text that looks at the time while a regular expression reads it, so that one that goes back and forth without end is stopped. */
final class TimedText implements CharSequence {
    private static final int READS = 1_024;

    private final CharSequence text;
    private final ExpressionBounds bounds;
    private int reads;

    TimedText(CharSequence text, ExpressionBounds bounds) {
        this.text = text;
        this.bounds = bounds;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++reads == READS) {
            reads = 0;
            bounds.checkTime();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

package io.eventgateway.benchmarks.compare;

/** Which of two figures is the better one. */
enum Better {
    LOWER {
        @Override
        boolean reaches(double figure, double limit) {
            return figure <= limit;
        }
    },
    HIGHER {
        @Override
        boolean reaches(double figure, double limit) {
            return figure >= limit;
        }
    };

    /** Returns whether the figure is as good as the limit. */
    abstract boolean reaches(double figure, double limit);
}

/** What an application and an implementor of the SPIs test with. */
module io.eventgateway.test {
    requires transitive io.eventgateway.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports io.eventgateway.test;
}

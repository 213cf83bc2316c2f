/** What every application does with its gateway. */
module io.eventgateway.compat {
    requires transitive io.eventgateway.core;

    exports io.eventgateway.compat;

    opens io.eventgateway.compat to
            tools.jackson.databind;
}

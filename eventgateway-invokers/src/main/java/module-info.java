/** Invokers for functions behind HTTP endpoints, on AWS Lambda, and in weighted groups. */
// the AWS SDK names its modules in its manifests only; our other modules are not there when this one is compiled
@SuppressWarnings({"requires-automatic", "module"})
module io.eventgateway.invokers {
    requires transitive io.eventgateway.core;
    requires okhttp3;
    requires okio;
    requires static software.amazon.awssdk.services.lambda;
    requires static software.amazon.awssdk.auth;
    requires static software.amazon.awssdk.regions;
    requires static software.amazon.awssdk.core;
    requires static software.amazon.awssdk.awscore;

    // what function types behind HTTP are made of: for our own modules alone
    exports io.eventgateway.invokers.client to
            io.eventgateway.aws,
            io.eventgateway.azure,
            io.eventgateway.gcp;

    // the configurations are read into their records
    opens io.eventgateway.invokers.client to
            tools.jackson.databind;
    opens io.eventgateway.invokers.http to
            tools.jackson.databind;
    opens io.eventgateway.invokers.lambda to
            tools.jackson.databind;
    opens io.eventgateway.invokers.openwhisk to
            tools.jackson.databind;
    opens io.eventgateway.invokers.weighted to
            tools.jackson.databind;

    provides io.eventgateway.spi.InvokerProvider with
            io.eventgateway.invokers.http.HttpInvokerProvider,
            io.eventgateway.invokers.lambda.LambdaInvokerProvider,
            io.eventgateway.invokers.openwhisk.OpenWhiskInvokerProvider,
            io.eventgateway.invokers.weighted.WeightedInvokerProvider;
}

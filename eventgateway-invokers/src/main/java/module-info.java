/** Invokers for functions behind HTTP endpoints, on AWS Lambda, and in weighted groups. */
@SuppressWarnings("requires-automatic") // the AWS SDK names its modules in its manifests only
module io.eventgateway.invokers {
    requires transitive io.eventgateway.core;
    requires okhttp3;
    requires static software.amazon.awssdk.services.lambda;
    requires static software.amazon.awssdk.auth;
    requires static software.amazon.awssdk.regions;
    requires static software.amazon.awssdk.core;
    requires static software.amazon.awssdk.awscore;

    // the configurations are read into their records
    opens io.eventgateway.invokers.http to
            tools.jackson.databind;
    opens io.eventgateway.invokers.lambda to
            tools.jackson.databind;
    opens io.eventgateway.invokers.weighted to
            tools.jackson.databind;

    provides io.eventgateway.spi.InvokerProvider with
            io.eventgateway.invokers.http.HttpInvokerProvider,
            io.eventgateway.invokers.lambda.LambdaInvokerProvider,
            io.eventgateway.invokers.weighted.WeightedInvokerProvider;
}

/** Invokers for functions behind HTTP endpoints, on AWS Lambda, in processes, in other spaces, and in weighted groups. */
// the AWS SDK names its modules in its manifests only; our other modules are not there when this one is compiled
@SuppressWarnings({"requires-automatic", "module"})
module io.eventgateway.invokers {
    requires transitive io.eventgateway.core;
    requires okhttp3;
    requires okio;
    requires org.slf4j;
    requires static software.amazon.awssdk.services.lambda;
    requires static software.amazon.awssdk.auth;
    requires static software.amazon.awssdk.regions;
    requires static software.amazon.awssdk.core;
    requires static software.amazon.awssdk.awscore;
    requires static software.amazon.awssdk.http;
    requires static software.amazon.awssdk.http.auth.aws;
    requires static software.amazon.awssdk.http.auth.spi;
    requires static software.amazon.awssdk.http.nio.netty;
    requires static software.amazon.awssdk.identity.spi;
    requires static software.amazon.awssdk.retries.api;
    requires static software.amazon.awssdk.utils;
    requires static io.netty.transport;
    requires static org.reactivestreams;

    // what function types behind HTTP are made of: for our own modules alone
    exports io.eventgateway.invokers.client to
            io.eventgateway.aws,
            io.eventgateway.azure,
            io.eventgateway.gcp;

    // what the function types on AWS have in common: for our own module of the others
    exports io.eventgateway.invokers.aws to
            io.eventgateway.aws;

    // the configurations are read into their records
    opens io.eventgateway.invokers.client to
            tools.jackson.databind;
    opens io.eventgateway.invokers.http to
            tools.jackson.databind;
    opens io.eventgateway.invokers.lambda to
            tools.jackson.databind;
    opens io.eventgateway.invokers.openwhisk to
            tools.jackson.databind;
    opens io.eventgateway.invokers.process to
            tools.jackson.databind;
    opens io.eventgateway.invokers.router to
            tools.jackson.databind;
    opens io.eventgateway.invokers.weighted to
            tools.jackson.databind;

    // the application gives these providers to the builder, to say what they may do
    exports io.eventgateway.invokers.process;
    exports io.eventgateway.invokers.router;

    provides io.eventgateway.spi.InvokerProvider with
            io.eventgateway.invokers.http.HttpInvokerProvider,
            io.eventgateway.invokers.lambda.LambdaInvokerProvider,
            io.eventgateway.invokers.openwhisk.OpenWhiskInvokerProvider,
            io.eventgateway.invokers.process.ProcessInvokerProvider,
            io.eventgateway.invokers.router.RouterInvokerProvider,
            io.eventgateway.invokers.weighted.WeightedInvokerProvider;
}

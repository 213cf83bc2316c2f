/** Function types on AWS: Step Functions, SQS, SNS, Kinesis, Firehose and EventBridge. */
@SuppressWarnings("requires-automatic") // the AWS SDK names its modules in its manifests only
module io.eventgateway.aws {
    requires io.eventgateway.core;
    requires io.eventgateway.invokers;
    requires software.amazon.awssdk.services.sqs;
    requires software.amazon.awssdk.services.sns;
    requires software.amazon.awssdk.services.kinesis;
    requires software.amazon.awssdk.services.firehose;
    requires software.amazon.awssdk.services.eventbridge;
    requires software.amazon.awssdk.services.sfn;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.utils;

    // the configurations are read into their records
    opens io.eventgateway.aws to
            tools.jackson.databind;
    opens io.eventgateway.aws.sqs to
            tools.jackson.databind;
    opens io.eventgateway.aws.sns to
            tools.jackson.databind;
    opens io.eventgateway.aws.kinesis to
            tools.jackson.databind;
    opens io.eventgateway.aws.firehose to
            tools.jackson.databind;
    opens io.eventgateway.aws.eventbridge to
            tools.jackson.databind;
    opens io.eventgateway.aws.stepfunctions to
            tools.jackson.databind;

    provides io.eventgateway.spi.InvokerProvider with
            io.eventgateway.aws.sqs.SqsInvokerProvider,
            io.eventgateway.aws.sns.SnsInvokerProvider,
            io.eventgateway.aws.kinesis.KinesisInvokerProvider,
            io.eventgateway.aws.firehose.FirehoseInvokerProvider,
            io.eventgateway.aws.eventbridge.EventBridgeInvokerProvider,
            io.eventgateway.aws.stepfunctions.StepFunctionsInvokerProvider;
}

package io.eventgateway.aws;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.aws.eventbridge.EventBridgeInvokerProvider;
import io.eventgateway.aws.firehose.FirehoseInvokerProvider;
import io.eventgateway.aws.kinesis.KinesisInvokerProvider;
import io.eventgateway.aws.sns.SnsInvokerProvider;
import io.eventgateway.aws.sqs.SqsInvokerProvider;
import io.eventgateway.aws.stepfunctions.StepFunctionsInvokerProvider;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Every type of the module by the rules of all types: queues, topics, streams and buses are those that run no code. */
@ParameterizedClass
@EnumSource
class AwsInvokerContractTest extends InvokerContract {
    enum Type {
        awssqs("queueUrl", "http://localhost:1/123456789012/", SqsInvokerProvider::new),
        awssns("topicArn", "arn:aws:sns:us-east-1:123456789012:", SnsInvokerProvider::new),
        awskinesis("streamName", "", KinesisInvokerProvider::new),
        awsfirehose("deliveryStreamName", "", FirehoseInvokerProvider::new),
        awseventbridge("eventBusName", "", EventBridgeInvokerProvider::new),
        awsstepfunctions(
                "stateMachineArn",
                "arn:aws:states:us-east-1:123456789012:stateMachine:",
                StepFunctionsInvokerProvider::new);

        private final String entry;
        private final String prefix;
        private final Supplier<InvokerProvider> provider;

        Type(String entry, String prefix, Supplier<InvokerProvider> provider) {
            this.entry = entry;
            this.prefix = prefix;
            this.provider = provider;
        }
    }

    private final Type type;
    private final EchoingAws services = new EchoingAws();
    private final LocalAws aws = new LocalAws(services::answer);

    AwsInvokerContractTest(Type type) {
        this.type = type;
    }

    @AfterEach
    void stop() {
        services.end();
        aws.close();
    }

    private FunctionDefinition function(String functionId, String name) {
        FunctionDefinition function = FunctionDefinition.of(
                        functionId, type.name(), Map.of(type.entry, type.prefix + name))
                .with("region", "us-east-1")
                .with("endpoint", aws.url())
                .with("accessKeyId", "AKIDEXAMPLE")
                .with("secretAccessKey", "s3cret");
        return type == Type.awsstepfunctions ? function.with("sync", true) : function;
    }

    @Override
    protected InvokerProvider provider() {
        return type.provider.get();
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return function(functionId, "echo");
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return function(functionId, "failing");
    }

    @Override
    protected FunctionDefinition failingInPart(String functionId) {
        return echo(functionId);
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return function(functionId, "hanging");
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return FunctionDefinition.of(functionId, type.name(), Map.of(type.entry, "a resource"));
    }

    @Override
    protected JsonNode received(InvocationResult result) {
        return type == Type.awsstepfunctions
                ? super.received(result)
                : EchoingAws.told(result.asJson().iterator().next().stringValue());
    }

    @Override
    protected Kind failingKind() {
        return type == Type.awsstepfunctions ? Kind.FUNCTION_ERROR : Kind.CALL_FAILED;
    }
}

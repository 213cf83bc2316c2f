package io.eventgateway.invokers.lambda;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class LambdaInvokerContractTest extends InvokerContract {
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String path = request.getUrl().encodedPath();
                if (path.contains("/echo/")) {
                    return new MockResponse.Builder()
                            .body(request.getBody().utf8())
                            .build();
                }
                return path.contains("/failing/")
                        ? new MockResponse.Builder()
                                .addHeader("X-Amz-Function-Error", "Unhandled")
                                .body("{\"errorType\":\"Error\",\"errorMessage\":\"no\"}")
                                .build()
                        : new MockResponse.Builder()
                                .headersDelay(5, TimeUnit.SECONDS)
                                .build();
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private FunctionDefinition function(String functionId, String name) {
        return FunctionDefinition.awsLambda(functionId, "arn:aws:lambda:us-east-1:123456789012:function:" + name)
                .with("endpoint", server.url("/").toString())
                .with("accessKeyId", "id")
                .with("secretAccessKey", "secret");
    }

    @Override
    protected InvokerProvider provider() {
        return new LambdaInvokerProvider();
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
    protected FunctionDefinition hanging(String functionId) {
        return function(functionId, "hanging");
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return FunctionDefinition.awsLambda(functionId, "nowhere");
    }
}

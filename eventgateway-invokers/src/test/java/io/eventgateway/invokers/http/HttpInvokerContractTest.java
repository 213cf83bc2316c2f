package io.eventgateway.invokers.http;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class HttpInvokerContractTest extends InvokerContract {
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                MockResponse.Builder answer = new MockResponse.Builder().addHeader("Content-Type", "application/json");
                return switch (request.getUrl().encodedPath()) {
                    case "/echo" -> answer.body(request.getBody().utf8()).build();
                    case "/failing" -> answer.code(500).build();
                    default -> answer.headersDelay(5, TimeUnit.SECONDS).build();
                };
            }
        });
        server.start(java.net.InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected InvokerProvider provider() {
        return new HttpInvokerProvider();
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return FunctionDefinition.http(functionId, server.url("/echo").toString());
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return FunctionDefinition.http(functionId, server.url("/failing").toString());
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return FunctionDefinition.http(functionId, server.url("/hanging").toString());
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return FunctionDefinition.http(functionId, "nowhere");
    }
}

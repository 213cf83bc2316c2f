package io.eventgateway.gcp;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class GcpFunctionInvokerContractTest extends InvokerContract {
    private final GoogleCloud cloud;

    GcpFunctionInvokerContractTest() throws IOException {
        cloud = new GoogleCloud(); // before the contract asks for the provider
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Override
    protected InvokerProvider provider() {
        return cloud.provider();
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return cloud.function(functionId, "/echo");
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return cloud.function(functionId, "/failing");
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return cloud.function(functionId, "/hanging");
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return FunctionDefinition.of(functionId, "gcpfunction", Map.of("url", "http://example.com/f"));
    }
}

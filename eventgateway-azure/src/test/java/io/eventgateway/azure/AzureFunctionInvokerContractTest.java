package io.eventgateway.azure;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class AzureFunctionInvokerContractTest extends InvokerContract {
    private Azure azure;

    @BeforeEach
    void start() throws IOException {
        azure = new Azure();
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    @Override
    protected InvokerProvider provider() {
        return new AzureFunctionInvokerProvider();
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return azure.function(functionId, "echo");
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return azure.function(functionId, "failing");
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return azure.function(functionId, "hanging");
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return azure.function(functionId, "echo").with("url", "nowhere");
    }
}

package io.eventgateway.azure;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class LogicAppInvokerContractTest extends InvokerContract {
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
        return new LogicAppInvokerProvider();
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return azure.workflow(functionId, "echo");
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return azure.workflow(functionId, "failing");
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return azure.workflow(functionId, "hanging");
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return azure.workflow(functionId, "echo").with("url", "https://prod.logic.azure.com/workflows/1");
    }
}

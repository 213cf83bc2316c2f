package io.eventgateway.invokers.openwhisk;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class OpenWhiskInvokerContractTest extends InvokerContract {
    private OpenWhiskEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        endpoint = new OpenWhiskEndpoint();
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Override
    protected InvokerProvider provider() {
        return new OpenWhiskInvokerProvider();
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return endpoint.function(functionId, "echo");
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return endpoint.function(functionId, "failing");
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return endpoint.function(functionId, "hanging");
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return endpoint.function(functionId, "/whisk.system/utils/echo");
    }
}

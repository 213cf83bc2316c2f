package io.eventgateway.invokers.process;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class ProcessInvokerContractTest extends InvokerContract {
    @Override
    protected InvokerProvider provider() {
        return ProcessInvokerProvider.allowing(Path.of("/bin/cat"), Path.of("/bin/false"), Path.of("/bin/sleep"));
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return running(functionId, "/bin/cat").with("mode", "data");
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return running(functionId, "/bin/false");
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return running(functionId, "/bin/sleep", "60");
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return running(functionId, "cat");
    }

    private static FunctionDefinition running(String functionId, String... command) {
        return FunctionDefinition.of(functionId, "process", Map.of("command", List.of(command)));
    }
}

package io.eventgateway.examples.docs;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.util.Map;

// tag::invoker-contract[]
class SmsInvokerContractTest extends InvokerContract {
    @Override
    protected InvokerProvider provider() {
        return new SmsInvokerProvider();
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return sms(functionId, "+491"); // the service answers what it got
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return sms(functionId, "+498"); // the service refuses
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return sms(functionId, "+499"); // the service does not answer
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return sms(functionId, "491");
    }

    private static FunctionDefinition sms(String functionId, String number) {
        return FunctionDefinition.of(functionId, "sms", Map.of("number", number, "token", "t-1"));
    }
}
// end::invoker-contract[]

package io.eventgateway.invokers.http;

import io.eventgateway.EventGateway;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.ByteString;

/** Hands what a server receives to a gateway, and what the gateway answers to the client. */
final class ReceivingGateway extends Dispatcher {
    private final EventGateway gateway;

    ReceivingGateway(EventGateway gateway) {
        this.gateway = gateway;
    }

    static HttpRequest read(RecordedRequest recorded) {
        ByteString body = recorded.getBody();
        return HttpRequest.received(recorded.getMethod(), recorded.getTarget())
                .headers(recorded.getHeaders().toMultimap())
                .body(body == null ? new byte[0] : body.toByteArray())
                .build();
    }

    @Override
    public MockResponse dispatch(RecordedRequest recorded) {
        HttpResponse response = gateway.handle(read(recorded));
        MockResponse.Builder answer = new MockResponse.Builder().code(response.statusCode());
        response.allHeaders().forEach((name, values) -> values.forEach(value -> answer.addHeader(name, value)));
        if (response.body().length > 0) {
            answer.body(new Buffer().write(response.body()));
        }
        return answer.build();
    }
}

package io.eventgateway.invokers.client;

import java.io.IOException;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps {@code Retry-After} from OkHttp, which would send a request again by itself when it is 0, and fails with an unchecked exception when
 * it is larger than an int.
 */
final class RetryAfter implements Interceptor {
    private static final String NAME = "Retry-After";
    private static final String HIDDEN = "Eventgateway-Retry-After";

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        Headers headers = response.headers();
        return headers.get(NAME) == null
                ? response
                : response.newBuilder().headers(renamed(headers, NAME, HIDDEN)).build();
    }

    /** The headers as the server sent them. */
    static Headers restored(Headers headers) {
        return headers.get(HIDDEN) == null ? headers : renamed(headers, HIDDEN, NAME);
    }

    private static Headers renamed(Headers headers, String from, String to) {
        Headers.Builder renamed = new Headers.Builder();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            renamed.addUnsafeNonAscii(name.equalsIgnoreCase(from) ? to : name, headers.value(i));
        }
        return renamed.build();
    }
}

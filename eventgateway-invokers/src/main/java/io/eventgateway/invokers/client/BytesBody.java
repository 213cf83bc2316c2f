package io.eventgateway.invokers.client;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, whose bytes can be read again to sign them. It has no media type of its own: the header {@code Content-Type} says
 * it. The array is shared and must not be changed.
 */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class BytesBody extends RequestBody {
    private final byte[] bytes;

    /** A body of these bytes. */
    public BytesBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The bytes. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public @Nullable MediaType contentType() {
        return null;
    }

    @Override
    public long contentLength() {
        return bytes.length;
    }

    /** Says that OkHttp must not send it again of its own accord; whoever made the call decides that. */
    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sink.write(bytes);
    }
}

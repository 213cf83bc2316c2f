package io.eventgateway.invokers.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** The beginning of what a program writes to a pipe; what is beyond it is read and thrown away, so that the program does not block. */
final class Captured {
    private static final int CHUNK = 16 * 1024;

    private final InputStream stream;
    private final int most;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[CHUNK];
    private boolean tooLong;

    Captured(InputStream stream, int most) {
        this.stream = stream;
        this.most = most;
    }

    /** Reads what can be read without blocking; returns whether there was anything. */
    boolean read() throws IOException {
        int available = stream.available();
        if (available <= 0) {
            return false;
        }
        int count = stream.read(buffer, 0, Math.min(available, CHUNK));
        if (count <= 0) {
            return false;
        }
        int room = Math.min(count, most - kept.size());
        kept.write(buffer, 0, room);
        tooLong |= room < count;
        return true;
    }

    boolean isTooLong() {
        return tooLong;
    }

    byte[] bytes() {
        return kept.toByteArray();
    }
}

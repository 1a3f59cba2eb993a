package dev.anystore;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the bytes of an object. */
@FunctionalInterface
public interface WriteFunction {
    /** Writes everything and returns; the stream may be closed or not. A throw aborts, and nothing is published. */
    void writeTo(OutputStream out) throws IOException;
}

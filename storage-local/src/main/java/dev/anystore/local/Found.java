package dev.anystore.local;

import java.io.IOException;

/**
 * An object's file, with the folder that it is in held open.
 *
 * @param folder its folder, closed with this
 * @param entry its name, size and time
 */
record Found(Folder folder, Entry entry) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        folder.close();
    }
}

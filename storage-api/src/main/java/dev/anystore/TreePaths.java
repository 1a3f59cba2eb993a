package dev.anystore;

import dev.anystore.engine.Failures;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Where a key becomes a file name: nothing may leave the folder. */
final class TreePaths {
    private TreePaths() {}

    /** The path of a key below a folder; refused if any part of it is not plainly a name. */
    static Path below(Path folder, String path) {
        Path target = folder;
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw refused("the key has the segment '" + name + "', which is no file name");
            }
            if (!folder.getFileSystem().getSeparator().equals("/")
                    && name.contains(folder.getFileSystem().getSeparator())) {
                throw refused("the key has a separator of this system in a segment");
            }
            try {
                Path next = target.resolve(name);
                if (next.isAbsolute() != target.isAbsolute()
                        || next.getNameCount()
                                != target.getNameCount() + (target.toString().isEmpty() ? 0 : 1)) {
                    throw refused("the key has a segment that is no file name here");
                }
                target = next;
            } catch (InvalidPathException e) {
                throw refused("the key has a segment that is no file name here: " + e.getReason());
            }
        }
        return target;
    }

    /** Makes the folders from {@code folder} down to {@code last}; a link among them is refused. */
    static void makeFolders(Path folder, Path last) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
            Path path = folder;
            for (Path name : folder.relativize(last)) {
                if (name.toString().isEmpty()) {
                    continue;
                }
                path = path.resolve(name);
                try {
                    Files.createDirectory(path);
                } catch (FileAlreadyExistsException e) {
                    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                        throw refused(path + " is in the way: it is a file or a link");
                    }
                }
            }
        } catch (IOException e) {
            throw Failures.ofFile("the folder " + last + " can't be made", e);
        }
    }

    static StorageException refused(String message) {
        return StorageException.builder(StorageException.Kind.INVALID_KEY)
                .message(message)
                .fix("download this object by itself, to a file of another name")
                .build();
    }
}

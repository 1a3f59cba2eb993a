package dev.anystore.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is written beside objects: the extended attribute of the file, or, where there is none, the sidecar whose
 * name carries the size and the time of the bytes that it describes.
 */
final class Notes {
    /** The folder of sidecars, in ours. */
    static final String META = "meta";

    private final Path root;

    Notes(Path root) {
        this.root = root;
    }

    /** The folder of a key's sidecar, and its name for one size and time. */
    record Sidecar(String folder, String name) {
        static Sidecar of(String key, long size, long modifiedNanos) {
            String digest = KeyNames.sha256(key);
            return new Sidecar(digest.substring(0, 2), digest + "." + size + "." + modifiedNanos);
        }

        static Sidecar of(String key, Entry entry) {
            return of(key, entry.size(), entry.modifiedNanos());
        }
    }

    /**
     * What is written beside a file.
     *
     * @param key the key, or null if it is only now being found out: then there is no sidecar
     * @return null if nothing is
     * @throws Changed if the name leads to another file by now
     */
    @Nullable
    ObjectNote read(Folder folder, Entry entry, @Nullable String key) throws IOException {
        byte[] attribute = attribute(folder, entry);
        if (attribute != null) {
            ObjectNote note = ObjectNote.parse(attribute);
            if (note != null) {
                return note;
            }
        }
        byte[] sidecar = key == null ? null : sidecar(Sidecar.of(key, entry));
        return sidecar == null ? null : ObjectNote.parse(sidecar);
    }

    /** A name led to another file when it was looked at again: somebody wrote in between, so look anew. */
    static final class Changed extends IOException {
        private static final long serialVersionUID = 1L;

        Changed(Path path, @Nullable Throwable cause) {
            super(path + " changed while it was read", cause);
        }
    }

    /**
     * Java reads an attribute by path only. So it is believed only if the path leads, before and after, to the file that
     * the open folder sees.
     */
    private static byte @Nullable [] attribute(Folder folder, Entry entry) throws IOException {
        Path path = folder.path().resolve(entry.name());
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return null;
        }
        expect(path, entry);
        ByteBuffer value = ByteBuffer.allocate(ObjectNote.MAX_ATTRIBUTE_BYTES);
        try {
            view.read(ObjectNote.ATTRIBUTE, value);
        } catch (NoSuchFileException e) {
            throw new Changed(path, e);
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            expect(path, entry);
            if (hasAttribute(view)) {
                throw new IOException("the attribute " + ObjectNote.ATTRIBUTE + " of " + path + " can't be read", e);
            }
            return null;
        }
        expect(path, entry);
        return Arrays.copyOf(value.array(), value.position());
    }

    /** Whether reading failed although there is something to read. */
    private static boolean hasAttribute(UserDefinedFileAttributeView view) {
        try {
            return view.list().contains(ObjectNote.ATTRIBUTE);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static void expect(Path path, Entry entry) throws IOException {
        if (entry.key() == null) {
            return;
        }
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            if (!Objects.equals(key, entry.key())) {
                throw new Changed(path, null);
            }
        } catch (NoSuchFileException e) {
            throw new Changed(path, e);
        }
    }

    /** Where the segment of a hashed name is written, if the object's own note is a sidecar, which needs the key. */
    static Sidecar longSegmentOf(String hashedName) {
        String digest = hashedName.substring(hashedName.lastIndexOf('~') + 1);
        return new Sidecar(digest.substring(0, 2), digest + ".name");
    }

    /** The segment of a hashed name, if it was written apart; else null. */
    @Nullable
    String longSegment(String hashedName) throws IOException {
        byte[] segment = sidecar(longSegmentOf(hashedName));
        return segment == null ? null : new String(segment, StandardCharsets.UTF_8);
    }

    /** Removes the sidecar of bytes that are gone, on the disk too: without its sidecar an object is neither old nor gone. */
    void removeSidecar(Folder ours, String key, Entry gone, Changes changes) throws IOException {
        try (Folder meta = ours.open(META)) {
            Sidecar sidecar = meta == null ? null : Sidecar.of(key, gone);
            try (Folder folder = meta == null || sidecar == null ? null : meta.open(sidecar.folder())) {
                if (folder != null && sidecar != null && folder.find(sidecar.name()) != null) {
                    changes.unlink(folder, sidecar.name());
                }
            }
        }
    }

    /** Whether this object has one. */
    boolean hasSidecar(String key, Entry entry) throws IOException {
        return sidecar(Sidecar.of(key, entry)) != null;
    }

    private byte @Nullable [] sidecar(Sidecar sidecar) throws IOException {
        try (Folder top = Folder.openRoot(root);
                Folder ours = top == null ? null : top.open(KeyNames.OURS);
                Folder meta = ours == null ? null : ours.open(META);
                Folder folder = meta == null ? null : meta.open(sidecar.folder())) {
            return folder == null ? null : readSmall(folder, sidecar.name(), ObjectNote.MAX_BYTES);
        }
    }

    /** A small file of ours; null if it is absent, no regular file, or longer than that. */
    static byte @Nullable [] readSmall(Folder folder, String name, int maxBytes) throws IOException {
        Entry entry = folder.find(name);
        if (entry == null || !entry.isFile() || entry.size() > maxBytes) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) entry.size());
        try (FileChannel channel = folder.read(name)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(entry.size() + 1, 8192));
            while (bytes.size() <= maxBytes && channel.read(buffer) >= 0) {
                bytes.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        } catch (NoSuchFileException e) {
            return null;
        }
        return bytes.size() > maxBytes ? null : bytes.toByteArray();
    }
}

package dev.anystore.local;

import dev.anystore.Checksum;
import dev.anystore.Keys;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes one object: makes a temporary in the staging folder, with its note and forced to the disk, and moves it into
 * place in one step under the lock of its key. So a reader, or whoever comes after a crash, sees the old object or the
 * new one, each with its own note.
 */
final class Publisher {
    private final Changes changes;
    private final Workshop workshop;
    private final Finder finder;
    private final Placer placer;
    private final Notes notes;
    private final SecureRandom random;

    Publisher(Path root, Changes changes, Workshop workshop, SecureRandom random) {
        this.changes = changes;
        this.workshop = workshop;
        this.finder = new Finder(root, new KeyNames(workshop.format()));
        this.placer = new Placer(root, changes, workshop.staging(), finder);
        this.notes = new Notes(root);
        this.random = random;
    }

    /**
     * What is to be written.
     *
     * @param key its key
     * @param bytes its bytes
     * @param expected their digest as the source knows it; null to read back what was written instead
     * @param mismatch what it means if they differ
     * @param attributes what is stored beside them
     * @param condition when to write
     */
    record Draft(
            String key,
            Bytes bytes,
            @Nullable Checksum expected,
            Kind mismatch,
            Attributes attributes,
            WriteCondition condition) {}

    /** A finished file in the staging folder, still open, with its sidecar if it needs one. */
    private static final class Temporary {
        final String name;
        final FileChannel file;
        final ObjectNote note;
        final @Nullable String sidecar;
        /** Where the sidecar is once it left the staging folder. */
        Notes.@Nullable Sidecar bound;

        @Nullable
        Entry published;

        Temporary(String name, FileChannel file, ObjectNote note, @Nullable String sidecar) {
            this.name = name;
            this.file = file;
            this.note = note;
            this.sidecar = sidecar;
        }
    }

    /** Writes it; returns what was stored. */
    ObjectInfo publish(Draft draft, Call call, Guard guard) throws IOException {
        if (!(draft.condition() instanceof WriteCondition.Always)) {
            // Early, so that no byte is copied in vain; what counts is the look under the lock.
            try (Found found = finder.find(draft.key())) {
                check(draft, found == null ? null : found.folder(), found == null ? null : found.entry());
            } catch (Notes.Changed e) {
                // Somebody is writing it now.
            }
        }
        Staging staging = workshop.staging();
        String name = staging.newName();
        Temporary temporary = null;
        try (FileChannel file = changes.create(staging.folder(), name)) {
            temporary = write(draft, name, file, call, guard);
            return move(draft, temporary, call, guard);
        } finally {
            if (temporary != null) {
                discard(temporary);
            }
            if (temporary == null || temporary.published == null) {
                staging.discard(name);
            }
        }
    }

    private Temporary write(Draft draft, String name, FileChannel file, Call call, Guard guard) throws IOException {
        CRC32C crc = new CRC32C();
        long[] count = {0};
        Checksum expected = draft.expected();
        Checksum written;
        try (Follower follower = new Follower(changes, file, "anystore-local-" + name, expected == null)) {
            draft.bytes().copyTo(piece -> {
                guard.check();
                int length = piece.remaining();
                crc.update(piece.duplicate());
                changes.write(file, piece);
                count[0] += length;
                call.sent(length);
                follower.reached(count[0]);
            });
            guard.check();
            written = Checksum.crc32c(crc.getValue());
            long back = follower.finish(count[0]);
            if (expected == null && back != crc.getValue()) {
                throw StorageException.builder(Kind.INTEGRITY)
                        .message("the new file gives back CRC32C "
                                + Checksum.crc32c(back).hex() + ", written was " + written.hex())
                        .fix("check the disk and the memory of this machine")
                        .build();
            }
        }
        if (expected != null && !expected.equals(written)) {
            throw mismatch(draft.mismatch(), written, expected);
        }
        ObjectNote note = new ObjectNote(
                finder.names().needsKey(KeyNames.segments(draft.key())) ? draft.key() : null,
                HexFormat.of().toHexDigits(random.nextLong()),
                written.hex() + ":" + count[0],
                draft.attributes());
        byte[] lines = note.toBytes();
        boolean inAttribute = lines.length <= ObjectNote.MAX_ATTRIBUTE_BYTES
                && changes.setAttribute(workshop.staging().folder(), name, ByteBuffer.wrap(lines));
        if (inAttribute) {
            changes.force(file);
            return new Temporary(name, file, note, null);
        }
        distinguish(draft.key(), name);
        keepLongSegments(draft.key());
        return new Temporary(name, file, note, small(lines, file));
    }

    private static StorageException mismatch(Kind kind, Checksum written, Checksum expected) {
        String what = kind == Kind.SOURCE_CHANGED
                ? "the source changed while it was read"
                : "the bytes differ from their digest";
        return StorageException.builder(kind)
                .message(what + ": CRC32C " + written.hex() + " instead of " + expected.hex())
                .build();
    }

    /** A sidecar is found by its key only; so the segments that a name does not tell are written apart, once and for all. */
    private void keepLongSegments(String key) throws IOException {
        List<String> segments = KeyNames.segments(key);
        for (int i = 0; i < segments.size(); i++) {
            String name = finder.names().encode(segments.get(i), i == 0);
            if (KeyNames.isHashed(name) && notes.longSegment(name) == null) {
                Notes.Sidecar place = Notes.longSegmentOf(name);
                String temporary = small(Keys.utf8(segments.get(i)), null);
                boolean moved = false;
                try (Folder folder = workshop.sidecars(place.folder())) {
                    changes.rename(workshop.staging().folder(), temporary, folder, place.name());
                    moved = true;
                    Placer.forceFolder(changes, folder);
                } finally {
                    if (!moved) {
                        workshop.staging().discard(temporary);
                    }
                }
            }
        }
    }

    /**
     * Writes a small file in the staging folder and forces it.
     *
     * @param beside a file that is forced at the same time, or null
     */
    private String small(byte[] lines, @Nullable FileChannel beside) throws IOException {
        Staging staging = workshop.staging();
        String name = staging.newName();
        boolean done = false;
        try (FileChannel file = changes.create(staging.folder(), name)) {
            changes.write(file, ByteBuffer.wrap(lines));
            if (beside == null) {
                changes.force(file);
            } else {
                changes.force(beside, file);
            }
            done = true;
        } finally {
            if (!done) {
                staging.discard(name);
            }
        }
        return name;
    }

    /**
     * A sidecar is bound to its bytes by their size and time: so the time must differ from that of the object that is
     * there now, also where clocks or file systems count coarsely.
     */
    private boolean distinguish(String key, String temporary) throws IOException {
        try (Found found = finder.find(key)) {
            return found != null && distinguish(found.entry(), temporary);
        }
    }

    private boolean distinguish(Entry existing, String temporary) throws IOException {
        Folder staging = workshop.staging().folder();
        Entry now = staging.find(temporary);
        boolean moved = false;
        long step = 1;
        while (now != null
                && now.size() == existing.size()
                && now.modifiedNanos() == existing.modifiedNanos()
                && step <= TimeUnit.HOURS.toNanos(1)) {
            changes.setModified(
                    staging, temporary, FileTime.from(existing.modifiedNanos() + step, TimeUnit.NANOSECONDS));
            moved = true;
            step *= 10;
            now = staging.find(temporary);
        }
        return moved;
    }

    private ObjectInfo move(Draft draft, Temporary temporary, Call call, Guard guard) throws IOException {
        String key = draft.key();
        while (temporary.published == null) {
            try {
                workshop.locks().holding(key, call, () -> moveUnderLock(draft, temporary, guard));
            } catch (Placer.NoFolder e) {
                // Without the lock, so that others need not wait until the folders are on the disk.
                Placer.inTurns(guard, () -> {
                    placer.makeFolders(key);
                    return key;
                });
            }
        }
        return ObjectNote.describe(key, temporary.published, temporary.note).toBuilder()
                .verification(Verification.WHOLE)
                .build();
    }

    private Temporary moveUnderLock(Draft draft, Temporary temporary, Guard guard) throws IOException {
        Placer.Place place = Placer.inTurns(guard, () -> moveOnce(draft, temporary));
        try (place) {
            Placer.forceFolder(changes, place.folder());
            if (place.existing() != null) {
                // The old bytes are gone from the disk before their sidecar goes.
                notes.removeSidecar(workshop.ours(), draft.key(), place.existing(), changes);
            }
        } catch (IOException e) {
            throw LocalErrors.of(e, place.folder().path()).toBuilder()
                    .mayHaveHappened(true)
                    .build();
        }
        return temporary;
    }

    private Placer.Place moveOnce(Draft draft, Temporary temporary) throws IOException {
        Folder staging = workshop.staging().folder();
        Placer.Place place = placer.find(draft.key());
        try {
            check(draft, place.folder(), place.existing());
            Entry entry = temporary.sidecar == null
                    ? find(temporary)
                    : bind(draft.key(), temporary, temporary.sidecar, place.existing());
            changes.rename(staging, temporary.name, place.folder(), place.name());
            temporary.published = entry;
            return place;
        } finally {
            if (temporary.published == null) {
                place.close();
            }
        }
    }

    private Entry find(Temporary temporary) throws IOException {
        Folder staging = workshop.staging().folder();
        Entry entry = staging.find(temporary.name);
        if (entry == null) {
            throw new NoSuchFileException(
                    staging.path().resolve(temporary.name).toString(), null, "somebody removed the temporary");
        }
        return entry;
    }

    /** Lays the new sidecar beside the old one, before the bytes that it describes come. */
    private Entry bind(String key, Temporary temporary, String name, @Nullable Entry existing) throws IOException {
        if (existing != null && distinguish(existing, temporary.name)) {
            changes.force(temporary.file);
        }
        Entry entry = find(temporary);
        Notes.Sidecar sidecar = Notes.Sidecar.of(key, entry);
        if (!sidecar.equals(temporary.bound)) {
            try (Folder folder = workshop.sidecars(sidecar.folder())) {
                if (temporary.bound == null) {
                    changes.rename(workshop.staging().folder(), name, folder, sidecar.name());
                } else {
                    changes.rename(folder, temporary.bound.name(), folder, sidecar.name());
                }
                temporary.bound = sidecar;
                Placer.forceFolder(changes, folder);
            }
        }
        return entry;
    }

    private void discard(Temporary temporary) throws IOException {
        if (temporary.published != null || temporary.sidecar == null) {
            return;
        }
        if (temporary.bound == null) {
            workshop.staging().discard(temporary.sidecar);
        } else {
            try (Folder folder = workshop.sidecars(temporary.bound.folder())) {
                changes.unlink(folder, temporary.bound.name());
            }
        }
    }

    /** The condition of a write against what is there. */
    private void check(Draft draft, @Nullable Folder folder, @Nullable Entry existing) throws IOException {
        if (draft.condition() instanceof WriteCondition.IfAbsent && existing != null) {
            throw refused("an object is there already");
        }
        if (draft.condition() instanceof WriteCondition.IfRevision expected) {
            if (existing == null || folder == null) {
                throw refused("no object is there");
            }
            String revision = ObjectNote.revision(existing, notes.read(folder, existing, draft.key()));
            if (!revision.equals(expected.revision())) {
                throw refused("the object has revision " + revision + " by now");
            }
        }
    }

    static StorageException refused(String reason) {
        return StorageException.builder(Kind.PRECONDITION_FAILED)
                .message(reason)
                .build();
    }
}

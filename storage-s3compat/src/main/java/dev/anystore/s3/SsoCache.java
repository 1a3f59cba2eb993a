package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The file in which {@code aws sso login} leaves what it got, and in which every tool of AWS looks. A renewed session is written
 * back: its old refresh token may be worth nothing any more, and the next tool needs the new one.
 *
 * @param file of one session
 */
record SsoCache(Path file) {
    /** The file of a session's name, or of a start URL where the profile has no session. */
    static SsoCache of(Path awsFolder, String sessionOrUrl) {
        try {
            // AWS's own choice of a name; nothing is protected by it.
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(sessionOrUrl.getBytes(StandardCharsets.UTF_8));
            return new SsoCache(awsFolder
                    .resolve("sso")
                    .resolve("cache")
                    .resolve(HexFormat.of().formatHex(digest) + ".json"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }

    /** What is in it. */
    Map<String, String> read() {
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= FlatJson.MAX_CHARS) {
                return FlatJson.read(Files.readString(file));
            }
        } catch (IOException e) {
            throw signOn("the session of single sign-on can't be read: " + e.getMessage());
        }
        throw signOn("nobody has signed on");
    }

    /** Replaces it, for this user alone. */
    void write(Map<String, String> values) {
        Path folder = file.getParent();
        try {
            // Files that this makes are for their owner alone.
            Path temporary = Files.createTempFile(folder, ".anystore", ".json");
            try {
                Files.writeString(temporary, FlatJson.write(values));
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw StorageException.builder(Kind.LOCAL_IO)
                    .message("the renewed session of single sign-on can't be kept in " + folder)
                    .fix("let this user write there")
                    .cause(e)
                    .build();
        }
    }

    static StorageException signOn(String message) {
        return StorageException.builder(Kind.UNAUTHENTICATED)
                .message(message)
                .fix("sign on: aws sso login")
                .build();
    }
}

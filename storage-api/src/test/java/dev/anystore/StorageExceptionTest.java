package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.StorageException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StorageExceptionTest {
    private static StorageException full(Kind kind) {
        return StorageException.builder(kind)
                .operation("upload")
                .provider("s3")
                .key("a/b")
                .message("it broke")
                .status(503)
                .requestId("R1")
                .attempts(5)
                .fix("mend it")
                .build();
    }

    @Test
    void theTextSaysWhatWhereWhyHowOftenAndWhatToDo() {
        assertThat(full(Kind.UNAVAILABLE))
                .hasMessage("upload s3:a/b: it broke (status 503, request R1), after 5 attempts; mend it");
    }

    @Test
    void controlCharactersOfAKeyNeverReachATerminal() {
        StorageException e = StorageException.builder(Kind.NOT_FOUND)
                .operation("head")
                .provider("s3")
                .key("a\u001b[31m\nb\u202e")
                .build();
        assertThat(e.getMessage()).doesNotContain("\u001b", "\n", "\u202e").contains("\\u001B", "\\u000A", "\\u202E");
        assertThat(e.key()).hasValue("a\u001b[31m\nb\u202e");
    }

    @Test
    void aLongKeyIsShownInPartAndKeptWhole() {
        String key = "k".repeat(1024);
        StorageException e = StorageException.builder(Kind.NOT_FOUND)
                .operation("head")
                .key(key)
                .build();
        assertThat(e.getMessage()).hasSizeLessThan(300).contains("…");
        assertThat(e.key()).hasValue(key);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindKeepsWhatItSaysThroughABuilderAndAStream(Kind kind) throws Exception {
        StorageException e = full(kind);
        assertThat(e.kind()).isEqualTo(kind);
        assertThat(e.toBuilder().build()).hasMessage(e.getMessage()).hasSameClassAs(e);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(e);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            StorageException back = (StorageException) in.readObject();
            assertThat(back).hasMessage(e.getMessage()).hasSameClassAs(e);
            assertThat(back.kind()).isEqualTo(kind);
            assertThat(back.attempts()).isEqualTo(5);
        }
    }

    @Test
    void onlyPassingFailuresAreWorthAnotherTry() {
        assertThat(java.util.Arrays.stream(Kind.values())
                        .filter(kind -> StorageException.builder(kind).build().retryable()))
                .containsExactly(Kind.CONFLICT, Kind.THROTTLED, Kind.UNAVAILABLE, Kind.TIMEOUT);
    }
}

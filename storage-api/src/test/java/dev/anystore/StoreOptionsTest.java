package dev.anystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class StoreOptionsTest {
    @Test
    void whatIsSetIsKeptAndNullClearsIt() {
        Executor executor = Runnable::run;
        StoreOptions options = StoreOptions.DEFAULT
                .withExecutor(executor)
                .withMaxConnections(16)
                .withConnectionsPerTransfer(4)
                .withBufferBytes(1L << 20)
                .withPartBytes(8L << 20)
                .withAttempts(3)
                .withJournal(Path.of("journal"))
                .withDeadline(Duration.ofSeconds(30));
        assertThat(options.executor()).containsSame(executor);
        assertThat(options.maxConnections()).hasValue(16);
        assertThat(options.connectionsPerTransfer()).hasValue(4);
        assertThat(options.bufferBytes()).hasValue(1L << 20);
        assertThat(options.partBytes()).hasValue(8L << 20);
        assertThat(options.attempts()).hasValue(3);
        assertThat(options.journal()).contains(Path.of("journal"));
        assertThat(options.deadline()).contains(Duration.ofSeconds(30));
        assertThat(options.withMaxConnections(null).maxConnections()).isEmpty();
        assertThat(options.withJournal(null).journal()).isEmpty();
        assertThat(options.withExecutor(null).executor()).isEmpty();
        assertThat(StoreOptions.DEFAULT.maxConnections()).isEmpty();
    }

    @Test
    void whatIsNotSetComesFromTheOther() {
        StoreOptions merged = StoreOptions.DEFAULT
                .withAttempts(1)
                .orElse(StoreOptions.DEFAULT.withAttempts(5).withMaxConnections(8));
        assertThat(merged.attempts()).hasValue(1);
        assertThat(merged.maxConnections()).hasValue(8);
        assertThat(merged.partBytes()).isEmpty();
    }

    @Test
    void slipsOfTheFingerAreRefused() {
        StoreOptions options = StoreOptions.DEFAULT;
        assertThatIllegalArgumentException().isThrownBy(() -> options.withMaxConnections(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withAttempts(10_001));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withConnectionsPerTransfer(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withBufferBytes(0L));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withPartBytes(-5L));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withDeadline(Duration.ZERO));
    }
}

package dev.anystore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.benchmarks.Contender.Client;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContenderProcessTest {
    @TempDir
    private Path folder;

    @Test
    void everyContenderProvesThatItMovesTheBytes() throws Exception {
        Content content = Content.generated();
        try (LoopbackS3 server = LoopbackS3.start(content)) {
            long bytes = (16L << 20) + 1;
            Job job = new Job(server.endpoint(), folder.resolve("source"), folder.resolve("target"), bytes, 5 << 20, 2);
            content.writeFile(job.source(), bytes);
            for (Contender contender : ContenderProcess.installed()) {
                if (contender.keepsDownloads()) {
                    try (Client client = contender.open(job)) {
                        Proof.of(client, server, job);
                    }
                }
            }
        }
    }

    @Test
    void anUnknownContenderIsNamedWithThoseThatThereAre() {
        assertThatThrownBy(() -> ContenderProcess.named("rwa"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rwa")
                .hasMessageContaining("anystore");
    }

    @Test
    void aSlipOfAnOptionChangesNothingInSilence() {
        Arguments arguments = Arguments.of(java.util.List.of("--round", "3"));

        assertThatThrownBy(() -> arguments.only("rounds")).hasMessageContaining("--round");
        assertThat(Arguments.of(java.util.List.of("--rounds", "3"))
                        .only("rounds")
                        .number("rounds", 1, 5))
                .isEqualTo(3);
    }
}

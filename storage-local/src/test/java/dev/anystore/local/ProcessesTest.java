package dev.anystore.local;

import static dev.anystore.local.Fixtures.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.PreconditionFailed;
import dev.anystore.StorageException;
import dev.anystore.spi.WriteCondition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads of many processes write one key under a condition. */
class ProcessesTest {
    private static final int PROCESSES = 8;
    private static final int THREADS = 8;
    private static final int ROUNDS = 5;

    @Test
    void ofManyCreatesAndOfManyReplacementsExactlyOneWins(@TempDir Path root) throws Exception {
        List<Children.Child> children = new ArrayList<>();
        try (LocalBackend store = open(root)) {
            for (int i = 0; i < PROCESSES; i++) {
                children.add(Children.start(Writers.class, Map.of(), root.toString(), "" + i));
            }
            for (Children.Child child : children) {
                assertThat(child.line()).isEqualTo("ready");
            }
            for (int round = 0; round < ROUNDS; round++) {
                String key = "folder/key-" + round;
                String created = winner(children, key + " -");
                assertThat(Fixtures.get(store, key)).isEqualTo(Writers.text(created));
                String revision = Fixtures.head(store, key).revision();
                String replaced = winner(children, key + " " + revision);
                assertThat(Fixtures.get(store, key)).isEqualTo(Writers.text(replaced));
                assertThat(Fixtures.head(store, key).revision()).isNotEqualTo(revision);
            }
            for (Children.Child child : children) {
                child.say("end");
                assertThat(child.rest()).isEmpty();
            }
        } finally {
            for (Children.Child child : children) {
                child.close();
            }
        }
        assertThat(root.resolve(".anystore/tmp")).isEmptyDirectory();
    }

    /** Lets all write at once; every one but the winner is refused. */
    private static String winner(List<Children.Child> children, String command) throws IOException {
        for (Children.Child child : children) {
            child.say(command);
        }
        List<String> won = new ArrayList<>();
        TreeSet<String> others = new TreeSet<>();
        for (Children.Child child : children) {
            for (int thread = 0; thread < THREADS; thread++) {
                String[] said = child.line().split(" ", 2);
                if (said[0].equals("won")) {
                    won.add(said[1]);
                } else {
                    others.add(String.join(" ", said));
                }
            }
        }
        assertThat(others).as("%s", command).containsExactly("refused");
        assertThat(won).as("%s", command).hasSize(1);
        return won.get(0);
    }

    /** Writes a key with as many threads as it has when it is told one, and tells how each of them fared. */
    static final class Writers {
        private Writers() {}

        static String text(String writer) {
            return ("bytes of " + writer + ";").repeat(1000);
        }

        public static void main(String[] arguments) throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try (LocalBackend store = open(Path.of(arguments[0]));
                    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                System.out.println("ready");
                for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
                    String[] words = line.split(" ", 2);
                    WriteCondition condition =
                            words[1].equals("-") ? WriteCondition.IF_ABSENT : new WriteCondition.IfRevision(words[1]);
                    CountDownLatch start = new CountDownLatch(1);
                    List<Future<String>> said = new ArrayList<>();
                    for (int thread = 0; thread < THREADS; thread++) {
                        String writer = arguments[1] + "-" + thread;
                        said.add(threads.submit(() -> {
                            start.await();
                            return write(store, words[0], writer, condition);
                        }));
                    }
                    start.countDown();
                    for (Future<String> one : said) {
                        System.out.println(one.get());
                    }
                }
            } finally {
                threads.shutdownNow();
            }
        }

        private static String write(LocalBackend store, String key, String writer, WriteCondition condition) {
            try {
                Fixtures.put(store, key, text(writer), condition);
                return "won " + writer;
            } catch (PreconditionFailed e) {
                return "refused";
            } catch (StorageException e) {
                return e.kind() + " " + e.getMessage();
            }
        }
    }
}

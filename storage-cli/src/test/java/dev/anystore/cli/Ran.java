package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What one run of the command came to.
 *
 * @param bytes standard output
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Ran(int exit, byte[] bytes, String err) {
    /** Runs it in pipes. */
    static Ran in(Map<String, String> environment, String... arguments) {
        return in(environment, Tty.NONE, "", arguments);
    }

    static Ran in(Map<String, String> environment, Tty tty, String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1));
        int exit = tty.equals(Tty.NONE)
                ? Main.run(arguments, environment, in, out, err)
                : Command.run(new Session(environment, in, out, err, tty), arguments);
        return new Ran(exit, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> lines() {
        return out().lines().toList();
    }

    /** It ended well and had nothing to say. */
    Ran well() {
        assertThat(this.err).as("standard error of exit %d", exit).isEmpty();
        assertThat(exit).isZero();
        return this;
    }

    /** It ended with this code, one line on standard error, and nothing that looks like the inside of a program. */
    String refused(int code) {
        assertThat(exit).as(err).isEqualTo(code);
        assertThat(err.lines()).as(err).hasSize(1);
        assertThat(err)
                .startsWith("anystore: ")
                .doesNotContain("Exception", "\tat ", "testsecret12345")
                .doesNotContainPattern("\\bjava\\.(lang|util|nio|net)\\b")
                .hasSizeLessThan(1000);
        return err;
    }
}

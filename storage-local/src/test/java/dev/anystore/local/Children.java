package dev.anystore.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Other processes, which tests start, talk to by lines, and kill. */
final class Children {
    private Children() {}

    static Child start(Class<?> main, Map<String, String> environment, String... arguments) throws IOException {
        return start(main, 64, environment, arguments);
    }

    /** One that may have so many MiB of heap. */
    static Child start(Class<?> main, int heapMiB, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMiB + "m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new Child(builder.start());
    }

    /** A started process; killed when it is closed. */
    static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        private Child(Process process) {
            this.process = process;
            this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Sends a line. */
        void say(String line) throws IOException {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        /** The next line that it prints. */
        String line() throws IOException {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("the child ended");
            }
            return line;
        }

        /** Waits until it ends by itself. */
        List<String> rest() throws IOException {
            return out.lines().toList();
        }

        /** Ends it in the middle of what it does; what it has printed can still be read. */
        void kill() {
            // Not Process.destroyForcibly(), which closes the streams too.
            process.toHandle().destroyForcibly();
            process.onExit().orTimeout(100, TimeUnit.SECONDS).join();
        }

        @Override
        public void close() throws IOException {
            kill();
            out.close();
        }
    }
}

package dev.anystore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client that is a command: one process for each transfer, found on the path. Its CPU and memory are those of the command
 * alone, so that a transfer of it has all that starting costs.
 */
final class CommandContender implements Contender {
    private final String name;
    private final String command;
    private final BiFunction<Job, Direction, List<String>> arguments;

    private CommandContender(String name, String command, BiFunction<Job, Direction, List<String>> arguments) {
        this.name = name;
        this.command = command;
        this.arguments = arguments;
    }

    /** All that this class knows, whether they are there or not. */
    static List<Contender> all() {
        return List.of(
                new CommandContender("s5cmd", "s5cmd", CommandContender::s5cmd),
                new CommandContender("rclone", "rclone", CommandContender::rclone),
                new CommandContender("awscli", "aws", CommandContender::awscli));
    }

    private static List<String> s5cmd(Job job, Direction direction) {
        List<String> words =
                new ArrayList<>(List.of("--endpoint-url", job.endpoint().toString()));
        if (isTls(job)) {
            words.add("--no-verify-ssl");
        }
        words.addAll(List.of("cp", "--concurrency", Integer.toString(job.connections())));
        words.addAll(List.of("--part-size", Long.toString(job.partBytes() >> 20)));
        words.addAll(fromTo(job, direction, "s3://"));
        return words;
    }

    private static List<String> rclone(Job job, Direction direction) {
        String remote = ":s3,provider=Minio,env_auth=true,force_path_style=true,endpoint='" + job.endpoint()
                + "',region=" + Job.REGION + ":";
        List<String> words = new ArrayList<>(List.of("copyto", "--config", "", "--ignore-times"));
        words.addAll(List.of("--s3-no-check-bucket", "--s3-upload-cutoff", "0"));
        words.addAll(List.of("--s3-chunk-size", (job.partBytes() >> 20) + "Mi"));
        words.addAll(List.of("--s3-upload-concurrency", Integer.toString(job.connections())));
        words.addAll(
                List.of("--multi-thread-cutoff", "0", "--multi-thread-streams", Integer.toString(job.connections())));
        words.addAll(List.of("--multi-thread-chunk-size", (job.partBytes() >> 20) + "Mi"));
        if (isTls(job)) {
            words.add("--no-check-certificate");
        }
        words.addAll(fromTo(job, direction, remote));
        return words;
    }

    private static List<String> awscli(Job job, Direction direction) {
        List<String> words =
                new ArrayList<>(List.of("--endpoint-url", job.endpoint().toString(), "--region", Job.REGION));
        if (isTls(job)) {
            words.add("--no-verify-ssl");
        }
        words.addAll(List.of("s3", "cp", "--no-progress", "--only-show-errors"));
        words.addAll(fromTo(job, direction, "s3://"));
        return words;
    }

    private static List<String> fromTo(Job job, Direction direction, String prefix) {
        String bucket = prefix + LoopbackS3.BUCKET + '/';
        return direction == Direction.UPLOAD
                ? List.of(job.source().toString(), bucket + job.uploadKey())
                : List.of(bucket + job.downloadKey(), job.target().toString());
    }

    private static boolean isTls(Job job) {
        return "https".equals(job.endpoint().getScheme());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "the command " + command + ", a process for each transfer, with its own defaults of integrity";
    }

    @Override
    public boolean isInstalled() {
        return found() != null;
    }

    private @Nullable Path found() {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, command))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Client open(Job job) throws IOException {
        Path program = found();
        if (program == null) {
            throw new IOException(command + " is not on the path");
        }
        Path settings = job.target().resolveSibling("aws-config");
        Files.writeString(
                settings,
                String.format(
                        Locale.ROOT,
                        "[default]%ns3 =%n  max_concurrent_requests = %d%n  multipart_threshold = %dMB%n  multipart_chunksize = %dMB%n",
                        job.connections(),
                        job.partBytes() >> 20,
                        job.partBytes() >> 20));
        return new CommandClient(job, program, settings);
    }

    private final class CommandClient implements Client {
        private final Job job;
        private final Path program;
        private final Path settings;
        private long peak;

        private CommandClient(Job job, Path program, Path settings) {
            this.job = job;
            this.program = program;
            this.settings = settings;
        }

        @Override
        public void upload() throws IOException, InterruptedException {
            run(Direction.UPLOAD);
        }

        @Override
        public void download() throws IOException, InterruptedException {
            Files.deleteIfExists(job.target());
            run(Direction.DOWNLOAD);
        }

        private void run(Direction direction) throws IOException, InterruptedException {
            List<String> words = new ArrayList<>(List.of(program.toString()));
            words.addAll(arguments.apply(job, direction));
            Path output = job.target().resolveSibling("output-of-command");
            ProcessBuilder builder =
                    new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment()
                    .putAll(Map.of(
                            "AWS_ACCESS_KEY_ID", Job.ACCESS_KEY,
                            "AWS_SECRET_ACCESS_KEY", Job.SECRET_KEY,
                            "AWS_REGION", Job.REGION,
                            "AWS_CONFIG_FILE", settings.toString(),
                            "AWS_EC2_METADATA_DISABLED", "true"));
            Process process = builder.start();
            try {
                // Its peak is known to the system alone, and gone with it.
                while (!process.waitFor(10, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    peak = Math.max(peak, ProcessCpu.peakKibibytes(process.pid()));
                }
            } finally {
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + " exited with " + process.exitValue() + ": "
                        + Files.readString(output).strip());
            }
        }

        @Override
        public long cpuNanos() throws IOException {
            return ProcessCpu.childrenNanos();
        }

        @Override
        public long peakKibibytes() {
            return peak;
        }

        @Override
        public void close() {}
    }
}

package dev.anystore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process has used. */
final class ProcessCpu {
    /** USER_HZ, which is 100 on every Linux of today. */
    private static final long NANOS_OF_TICK = 10_000_000;

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private ProcessCpu() {}

    /** CPU time of all its threads, user and system, in nanoseconds. */
    static long nanos() {
        return SYSTEM.getProcessCpuTime();
    }

    /** CPU time of its children that have ended, in nanoseconds, to a hundredth of a second; only Linux tells. */
    static long childrenNanos() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        // The name of the program in parentheses may have blanks; behind it the third field is the first.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * NANOS_OF_TICK;
    }

    /** The most memory that it had at once, in KiB as the system counts it; -1 where only Linux would tell. */
    static long peakKibibytes() throws IOException {
        return peakKibibytes(ProcessHandle.current().pid());
    }

    /** The same of another process; -1 if it has ended. */
    static long peakKibibytes(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return -1;
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(status);
        } catch (IOException e) {
            return -1; // it ended while it was looked at
        }
        for (String line : lines) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return -1;
    }
}

package dev.anystore.spi;

import java.util.List;

/** The settings that every provider has. */
public final class CommonSettings {
    /** More than any service or machine has a use for; a larger value is a slip of the finger. */
    private static final int MAX_COUNT = 10_000;

    /** A size that still leaves room to add to it. */
    private static final long MAX_BYTES = Long.MAX_VALUE >> 1;

    /** The size of a part. */
    public static final Setting PART_BYTES = Setting.of(
                    "part-bytes",
                    Setting.Type.BYTES,
                    "The size of a part; by default the plan chooses from the object's size.")
            .variable("STORAGE_PART_BYTES")
            .between(1, MAX_BYTES);

    /** Connections of one transfer. */
    public static final Setting CONNECTIONS = Setting.of(
                    "connections", Setting.Type.NUMBER, "How many parts of one transfer are under way at once.")
            .variable("STORAGE_CONNECTIONS")
            .between(1, MAX_COUNT)
            .defaultsTo("8");

    /** Connections of one store. */
    public static final Setting STORE_CONNECTIONS = Setting.of(
                    "store-connections", Setting.Type.NUMBER, "How many connections and workers a store has at most.")
            .variable("STORAGE_STORE_CONNECTIONS")
            .between(1, MAX_COUNT)
            .defaultsTo("32");

    /** Memory for buffers. */
    public static final Setting MEMORY_BYTES = Setting.of(
                    "memory-bytes",
                    Setting.Type.BYTES,
                    "How much memory a store's part buffers take at most; by default the smaller of 256 MiB and a quarter of the heap.")
            .variable("STORAGE_MEMORY_BYTES")
            .between(1, MAX_BYTES);

    /** Time to connect. */
    public static final Setting CONNECT_TIMEOUT = Setting.of(
                    "connect-timeout",
                    Setting.Type.DURATION,
                    "How long resolving a name, connecting and the TLS handshake may each take.")
            .variable("STORAGE_CONNECT_TIMEOUT")
            .defaultsTo("10s");

    /** Time to the first byte of an answer. */
    public static final Setting ANSWER_TIMEOUT = Setting.of(
                    "answer-timeout", Setting.Type.DURATION, "How long the first byte of an answer may take.")
            .variable("STORAGE_ANSWER_TIMEOUT")
            .defaultsTo("60s");

    /** The stall window. */
    public static final Setting STALL_TIMEOUT = Setting.of(
                    "stall-timeout",
                    Setting.Type.DURATION,
                    "A transfer slower than 1 KiB/s over this time has stalled and is tried again.")
            .variable("STORAGE_STALL_TIMEOUT")
            .defaultsTo("20s");

    /** Time for one operation. */
    public static final Setting OPERATION_TIMEOUT = Setting.of(
                    "operation-timeout",
                    Setting.Type.DURATION,
                    "How long one operation with all its attempts may take; transfers have no limit.")
            .variable("STORAGE_OPERATION_TIMEOUT")
            .defaultsTo("15m");

    /** Attempts. */
    public static final Setting ATTEMPTS = Setting.of(
                    "attempts", Setting.Type.NUMBER, "How often one request is tried at most.")
            .variable("STORAGE_ATTEMPTS")
            .between(1, MAX_COUNT)
            .defaultsTo("5");

    /** Certificates to trust. */
    public static final Setting CA_BUNDLE = Setting.of(
                    "ca-bundle", Setting.Type.PATH, "A PEM file of certificates to trust instead of the JVM's own.")
            .variable("STORAGE_CA_BUNDLE");

    /** The proxy. */
    public static final Setting PROXY = Setting.of(
                    "proxy",
                    Setting.Type.SECRET,
                    "The proxy as http://host:port, or http://user:password@host:port; by default HTTPS_PROXY and NO_PROXY are obeyed.")
            .variable("STORAGE_PROXY");

    /** Plain http to other hosts. */
    public static final Setting ALLOW_HTTP = Setting.of(
                    "allow-http", Setting.Type.BOOLEAN, "Allows plain http to a host that is not loopback.")
            .variable("STORAGE_ALLOW_HTTP")
            .defaultsTo("false");

    /** The folder of journals. */
    public static final Setting JOURNAL_DIR = Setting.of(
                    "journal-dir",
                    Setting.Type.PATH,
                    "The folder in which transfers note how far they are, so that they can go on after a crash.")
            .variable("STORAGE_JOURNAL_DIR");

    /** All of them, in the order of the reference page. */
    public static final List<Setting> ALL = List.of(
            PART_BYTES,
            CONNECTIONS,
            STORE_CONNECTIONS,
            MEMORY_BYTES,
            CONNECT_TIMEOUT,
            ANSWER_TIMEOUT,
            STALL_TIMEOUT,
            OPERATION_TIMEOUT,
            ATTEMPTS,
            CA_BUNDLE,
            PROXY,
            ALLOW_HTTP,
            JOURNAL_DIR);

    private CommonSettings() {}
}

package dev.anystore.http;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How a transport behaves. Immutable; {@link #DEFAULT} suits object stores over the internet. */
public final class TransportOptions {
    /** 32 connections and the time limits that the methods name; the JVM's trust; no proxy. */
    public static final TransportOptions DEFAULT = new TransportOptions();

    private static final Duration LONGEST = Duration.ofDays(1);

    private int maxConnections = 32;
    private Duration nameTimeout = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration tlsTimeout = Duration.ofSeconds(10);
    private Duration answerTimeout = Duration.ofSeconds(60);
    private Duration stallWindow = Duration.ofSeconds(20);
    private int stallFloorBytesPerSecond = 1024;
    private Duration idleTimeout = Duration.ofSeconds(20);
    private Duration connectionLife = Duration.ofMinutes(5);
    private Duration staleCheckAfter = Duration.ofSeconds(1);
    private int drainBytes = 64 << 10;
    private @Nullable Path caBundle;
    private @Nullable KeyStore trustStore;
    private ProxySettings proxy = ProxySettings.NONE;
    private Resolver resolver = host -> List.of(InetAddress.getAllByName(host));
    private LongSupplier nanoTime = System::nanoTime;

    private TransportOptions() {}

    private TransportOptions(TransportOptions from) {
        this.maxConnections = from.maxConnections;
        this.nameTimeout = from.nameTimeout;
        this.connectTimeout = from.connectTimeout;
        this.tlsTimeout = from.tlsTimeout;
        this.answerTimeout = from.answerTimeout;
        this.stallWindow = from.stallWindow;
        this.stallFloorBytesPerSecond = from.stallFloorBytesPerSecond;
        this.idleTimeout = from.idleTimeout;
        this.connectionLife = from.connectionLife;
        this.staleCheckAfter = from.staleCheckAfter;
        this.drainBytes = from.drainBytes;
        this.caBundle = from.caBundle;
        this.trustStore = from.trustStore;
        this.proxy = from.proxy;
        this.resolver = from.resolver;
        this.nanoTime = from.nanoTime;
    }

    /** Connections that may be open at once, busy or idle, over all hosts; more requests wait for one in the order in which they came. */
    public TransportOptions withMaxConnections(int value) {
        if (value < 1 || value > 10_000) {
            throw new IllegalArgumentException("%d connections, outside 1 to 10000".formatted(value));
        }
        TransportOptions next = new TransportOptions(this);
        next.maxConnections = value;
        return next;
    }

    /** For the lookup of a name; 10 s. */
    public TransportOptions withNameTimeout(Duration value) {
        TransportOptions next = new TransportOptions(this);
        next.nameTimeout = checkPositive("name timeout", value);
        return next;
    }

    /** For all addresses of a name together; 10 s. The proxy's consent has as long again. */
    public TransportOptions withConnectTimeout(Duration value) {
        TransportOptions next = new TransportOptions(this);
        next.connectTimeout = checkPositive("connect timeout", value);
        return next;
    }

    /** For the TLS handshake; 10 s. */
    public TransportOptions withTlsTimeout(Duration value) {
        TransportOptions next = new TransportOptions(this);
        next.tlsTimeout = checkPositive("TLS timeout", value);
        return next;
    }

    /** From the last byte of a request to the last byte of its answer's head; 60 s. A request may set its own. */
    public TransportOptions withAnswerTimeout(Duration value) {
        TransportOptions next = new TransportOptions(this);
        next.answerTimeout = checkPositive("answer timeout", value);
        return next;
    }

    /**
     * How slowly body bytes may move, in either direction, while they are outstanding: fewer than
     * {@code floorBytesPerSecond} over {@code window} fail the request. 1 KiB/s over 20 s. Time that the caller spends between
     * reads, or inside its own body stream, does not count. What is sent is counted when the kernel takes it, 128 KiB at a time at
     * most: an upload at less than about 128 KiB over {@code window} may be called stalled although it moves.
     */
    public TransportOptions withStallLimit(Duration window, int floorBytesPerSecond) {
        if (floorBytesPerSecond < 1) {
            throw new IllegalArgumentException("a floor of %d bytes a second".formatted(floorBytesPerSecond));
        }
        TransportOptions next = new TransportOptions(this);
        next.stallWindow = checkPositive("stall window", window);
        next.stallFloorBytesPerSecond = floorBytesPerSecond;
        return next;
    }

    /** How long an unused connection stays; 20 s, or less where the server's {@code Keep-Alive} says so. */
    public TransportOptions withIdleTimeout(Duration value) {
        TransportOptions next = new TransportOptions(this);
        next.idleTimeout = checkPositive("idle timeout", value);
        return next;
    }

    /** After which age a connection is not used again, so that changed addresses are noticed; 5 min. */
    public TransportOptions withConnectionLife(Duration value) {
        TransportOptions next = new TransportOptions(this);
        next.connectionLife = checkPositive("connection life", value);
        return next;
    }

    /** After which idle time a connection is looked at before it is used again; 1 s. */
    public TransportOptions withStaleCheckAfter(Duration value) {
        TransportOptions next = new TransportOptions(this);
        next.staleCheckAfter = Objects.requireNonNull(value, "stale check");
        return next;
    }

    /** Up to how many unread bytes, if they are there already, closing an answer reads to keep the connection; 64 KiB. */
    public TransportOptions withDrainBytes(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("drain %d bytes".formatted(value));
        }
        TransportOptions next = new TransportOptions(this);
        next.drainBytes = value;
        return next;
    }

    /** Trusts the certificates of this PEM file and no others. It is read at the first TLS connection. */
    public TransportOptions withCaBundle(Path value) {
        TransportOptions next = new TransportOptions(this);
        next.caBundle = value;
        next.trustStore = null;
        return next;
    }

    /** Trusts the certificates of this store and no others. */
    public TransportOptions withTrustStore(KeyStore value) {
        TransportOptions next = new TransportOptions(this);
        next.trustStore = value;
        next.caBundle = null;
        return next;
    }

    /** {@link ProxySettings#NONE} unless set. */
    public TransportOptions withProxy(ProxySettings value) {
        TransportOptions next = new TransportOptions(this);
        next.proxy = Objects.requireNonNull(value, "proxy");
        return next;
    }

    /** The JVM's own unless set. */
    public TransportOptions withResolver(Resolver value) {
        TransportOptions next = new TransportOptions(this);
        next.resolver = Objects.requireNonNull(value, "resolver");
        return next;
    }

    /** {@link System#nanoTime()} unless set: a test turns its own. Every limit here is measured with it, but for the connect timeout. */
    public TransportOptions withNanoTime(LongSupplier value) {
        TransportOptions next = new TransportOptions(this);
        next.nanoTime = Objects.requireNonNull(value, "time");
        return next;
    }

    public int maxConnections() {
        return maxConnections;
    }

    Duration nameTimeout() {
        return nameTimeout;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    Duration tlsTimeout() {
        return tlsTimeout;
    }

    Duration answerTimeout() {
        return answerTimeout;
    }

    Duration stallWindow() {
        return stallWindow;
    }

    int stallFloorBytesPerSecond() {
        return stallFloorBytesPerSecond;
    }

    Duration idleTimeout() {
        return idleTimeout;
    }

    Duration connectionLife() {
        return connectionLife;
    }

    Duration staleCheckAfter() {
        return staleCheckAfter;
    }

    int drainBytes() {
        return drainBytes;
    }

    @Nullable
    Path caBundle() {
        return caBundle;
    }

    @Nullable
    KeyStore trustStore() {
        return trustStore;
    }

    ProxySettings proxy() {
        return proxy;
    }

    Resolver resolver() {
        return resolver;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    static Duration checkPositive(String what, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("%s %s is outside 1 ns to 24 h".formatted(what, value));
        }
        return value;
    }
}

package dev.anystore.cli;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.DeleteOptions;
import dev.anystore.GetOptions;
import dev.anystore.ListOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.StoreOptions;
import dev.anystore.Verification;
import dev.anystore.spi.Call;
import dev.anystore.spi.Reachability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes the whole way to a store, step by step, and says where it ends. */
@Command(
        name = "doctor",
        header = "Find out what is wrong with a provider, and what to do.",
        description = {
            "",
            "Goes step by step: settings, name, connect, TLS, clock, credentials, bucket, list, put, get, checksum,",
            "multipart, delete. Stops where the way ends, says why, and what to do. Writes two small objects with",
            "random names (about 10 MiB where parts must be so large) and deletes them, unless told not to write.",
            ""
        },
        footer = {
            "",
            "  anystore doctor                  the default provider",
            "  anystore doctor r2",
            "  anystore doctor s3:incoming/     credentials that may write below a prefix only",
            "  anystore doctor --read-only b2-s3"
        },
        sortOptions = false)
final class Doctor extends Verb {
    /** No step may hang; those that send many bytes have longer. */
    private static final long STEP_SECONDS = 30;

    private static final int SMALL = 1 << 10;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROVIDER",
            description =
                    "A provider, or an address whose key is the prefix to write below; the default one if absent.")
    String address = ":";

    @Option(names = "--read-only", description = "Write nothing, and delete nothing.")
    boolean readOnly;

    private final List<ObjectInfo> written = new ArrayList<>();
    private @Nullable StorageException failure;
    /** There is a service that looks at credentials. */
    private boolean remote;

    Doctor(Session session) {
        super("doctor", session);
    }

    @Override
    public Integer call() {
        Address.Remote place = session()
                .address(address.contains(":") ? address : address + ":")
                .remote(name());
        StorageConfig config = configured(place);
        if (config == null) {
            return finish();
        }
        ObjectStore store = opened(config);
        if (store == null || !reaches(store)) {
            return finish();
        }
        lists(store, place.folder());
        if (stopped()) {
            return finish();
        }
        if (readOnly) {
            skip("put", "it was asked to write nothing");
        } else {
            writes(store, place.folder());
        }
        return finish();
    }

    // ---- the way to the service

    private @Nullable StorageConfig configured(Address.Remote place) {
        StorageConfig[] config = new StorageConfig[1];
        step("settings", () -> {
            config[0] = session().config(place);
            return shown(config[0]);
        });
        return config[0];
    }

    private static String shown(StorageConfig config) {
        return config.providerId()
                + (config.bucket().isEmpty() ? "" : ", " + config.bucket())
                + config.endpoint().map(uri -> ", " + uri).orElse("")
                + config.region().map(region -> ", region " + region).orElse("");
    }

    /** Opening asks nobody: what fails here is a setting. */
    private @Nullable ObjectStore opened(StorageConfig config) {
        try {
            // One attempt: whoever asks what is wrong does not want to wait until it may be right again.
            return session().open(config, StoreOptions.DEFAULT.withAttempts(1));
        } catch (StorageException e) {
            failed("settings", e);
            return null;
        }
    }

    private boolean reaches(ObjectStore store) {
        Reachability way = store.unwrap(Reachability.class).orElse(null);
        remote = way != null;
        if (way != null) {
            for (Reachability.Step next : way.steps()) {
                Call call = Call.until(System.nanoTime() + TimeUnit.SECONDS.toNanos(STEP_SECONDS));
                if (!step(next.name(), () -> next.take(call))) {
                    return false;
                }
            }
        }
        return true;
    }

    // ---- rights

    private void lists(ObjectStore store, String prefix) {
        try {
            int keys = store.listPage(prefix, ListOptions.DEFAULT.withPageSize(1))
                    .objects()
                    .size();
            accepted();
            good("bucket", "it is there");
            good("list", keys == 0 ? "nothing is there yet" : "it is allowed");
        } catch (StorageException e) {
            if (e.kind() == Kind.UNAUTHENTICATED) {
                failed("credentials", e);
                return;
            }
            accepted();
            if (e.kind() != Kind.ACCESS_DENIED) {
                failed("bucket", e);
                return;
            }
            good("bucket", "it answers");
            failed("list", e);
        }
    }

    private void accepted() {
        if (remote) {
            good("credentials", "the service accepts them");
        }
    }

    /** Credentials that may only read or write are in order for who needs no more: only these steps go on after a denial. */
    private boolean stopped() {
        return failure != null && failure.kind() != Kind.ACCESS_DENIED;
    }

    private void writes(ObjectStore store, String prefix) {
        String key = prefix + "anystore-doctor-" + Long.toHexString(new SplittableRandom().nextLong());
        byte[] bytes = random(SMALL);
        try {
            if (!step("put", () -> "%d bytes as %s".formatted(SMALL, put(store, key, bytes, PutOptions.DEFAULT)))) {
                return;
            }
            Verification[] verified = {Verification.UNVERIFIED};
            if (step("get", () -> {
                verified[0] = compare(store, key, bytes);
                return "the same bytes came back";
            })) {
                checksum(verified[0]);
            }
            parts(store, key + "-parts");
        } finally {
            step("delete", () -> {
                remove(store, List.of(key, key + "-parts"));
                return "what was written is gone";
            });
        }
    }

    /** Where versions are kept, a plain delete would leave the bytes where nobody sees them, and where they cost. */
    private void remove(ObjectStore store, List<String> keys) {
        List<String> unversioned = new ArrayList<>(keys);
        for (ObjectInfo each : written) {
            String version = each.versionId().orElse(null);
            if (version != null) {
                store.delete(each.key(), DeleteOptions.DEFAULT.withVersion(version));
                unversioned.remove(each.key());
            }
        }
        store.deleteAll(unversioned);
    }

    private void checksum(Verification verified) {
        String found =
                switch (verified) {
                    case WHOLE -> "the digest of the whole object was compared";
                    case PARTS -> "the digest of each part was compared";
                    default -> "the service keeps no digest that we know; a download of it is UNVERIFIED";
                };
        good("checksum", found);
    }

    private void parts(ObjectStore store, String key) {
        if (!store.capabilities().has(Capability.MULTIPART)) {
            skip("multipart", "this provider takes an object in one piece");
            return;
        }
        int part = Math.toIntExact(Math.max(store.capabilities().limits().partMinBytes(), SMALL));
        byte[] bytes = random(part + SMALL);
        step("multipart", () -> {
            put(store, key, bytes, PutOptions.DEFAULT.withPartBytes(part));
            compare(store, key, bytes);
            return "two parts of %s came back as one object".formatted(Units.bytes(bytes.length));
        });
    }

    private String put(ObjectStore store, String key, byte[] bytes, PutOptions options) {
        ObjectInfo info = store.put(key, Body.of(bytes), options);
        written.add(info);
        return info.key();
    }

    private static Verification compare(ObjectStore store, String key, byte[] bytes) {
        try (ObjectReader reader = store.get(key, GetOptions.DEFAULT)) {
            if (!Arrays.equals(reader.readAllBytes(), bytes)) {
                throw StorageException.builder(Kind.INTEGRITY)
                        .message("other bytes came back than were sent")
                        .operation("get")
                        .key(key)
                        .fix("do not store anything there before this is explained")
                        .build();
            }
            return reader.verification();
        } catch (StorageIOException e) {
            throw e.storageException();
        } catch (IOException e) {
            throw StorageException.builder(Kind.UNAVAILABLE)
                    .message("reading failed")
                    .cause(e)
                    .build();
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom().nextBytes(bytes);
        return bytes;
    }

    // ---- what is told

    private interface Work {
        String run();
    }

    private boolean step(String step, Work work) {
        try {
            good(step, work.run());
            return true;
        } catch (StorageException e) {
            failed(step, e);
            return false;
        }
    }

    private void good(String step, String found) {
        line(step, "ok", found, null);
    }

    private void skip(String step, String why) {
        line(step, "-", why, null);
    }

    private void failed(String step, StorageException e) {
        failure = failure == null ? e : failure;
        line(step, "FAILED", Complaint.of(e, session()).message(), e);
    }

    private void line(String step, String state, String text, @Nullable StorageException e) {
        if (!json) {
            out().line("%-11s  %-6s  %s".formatted(out().shown(step), state, out().shown(text)));
            return;
        }
        JsonLine line = JsonLine.of(name(), e == null).put("step", step).put("tried", !state.equals("-"));
        if (e == null) {
            line.put("found", text);
        } else {
            line.put("error", Complaint.of(e, session()).details());
        }
        out().line(line.end());
    }

    private int finish() {
        if (failure == null) {
            tell("everything works");
            return Exit.DONE;
        }
        return Exit.of(failure.kind());
    }
}

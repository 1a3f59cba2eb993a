package dev.anystore;

import dev.anystore.engine.Engine;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.DeleteRequest.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Deletes one, many, or all with a prefix. */
final class Deletes {
    private final ObjectStore store;
    private final Engine engine;

    Deletes(ObjectStore store, Engine engine) {
        this.store = store;
        this.engine = engine;
    }

    void one(String full, DeleteOptions options) {
        if (options.ifRevision().isPresent()) {
            store.require(Capability.DELETE_IF_REVISION, "delete", full);
        }
        if (options.version().isPresent()) {
            store.require(Capability.VERSIONS, "delete", full);
        }
        Target target = new Target(
                full, options.version().orElse(null), options.ifRevision().orElse(null));
        engine.call("delete", full, call -> {
            StorageException failure = engine.backend()
                    .delete(new DeleteRequest(List.of(target)), call)
                    .get(target);
            if (failure != null) {
                throw failure;
            }
            return true;
        });
    }

    void all(List<String> fullKeys) {
        Map<String, StorageException> failures = new LinkedHashMap<>();
        int batch = engine.capabilities().limits().deleteBatch();
        for (int from = 0; from < fullKeys.size(); from += batch) {
            batch(fullKeys.subList(from, Math.min(fullKeys.size(), from + batch)), failures);
        }
        if (!failures.isEmpty()) {
            throw incomplete(fullKeys.size(), failures);
        }
    }

    /** One batch; what failed for a passing reason is tried again, without what is gone already. */
    private void batch(List<String> fullKeys, Map<String, StorageException> failures) {
        Map<Target, StorageException> left = new LinkedHashMap<>();
        // Stands for a target of which nothing is known yet.
        StorageException untried =
                StorageException.builder(StorageException.Kind.UNAVAILABLE).build();
        fullKeys.stream().distinct().forEach(key -> left.put(new Target(key, null, null), untried));
        try {
            engine.call("delete", "", call -> {
                Map<Target, StorageException> failed =
                        engine.backend().delete(new DeleteRequest(new ArrayList<>(left.keySet())), call);
                left.keySet().retainAll(failed.keySet());
                left.putAll(failed);
                failed.values().stream()
                        .filter(StorageException::retryable)
                        .findFirst()
                        .ifPresent(passing -> {
                            throw passing;
                        });
                return true;
            });
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.CANCELLED || e.kind() == StorageException.Kind.CLOSED) {
                throw e; // Whoever stops waiting does not want to wait for the other batches.
            }
            left.replaceAll((target, failure) -> failure == untried ? e : failure);
        }
        left.forEach((target, failure) ->
                failures.put(store.relativeKey(target.key()), engine.named(failure, "delete", target.key())));
    }

    private StorageException incomplete(int of, Map<String, StorageException> failures) {
        StorageException first =
                Objects.requireNonNull(failures.values().iterator().next());
        return store.failure(StorageException.Kind.INCOMPLETE, "delete", null)
                .message(failures.size() + " of " + of + " objects were not deleted; the first: " + first.getMessage())
                .failures(failures)
                .cause(first)
                .build();
    }

    long prefix(String keyPrefix, DeletePrefixOptions options) {
        if (options.maximum() < Long.MAX_VALUE) {
            refuseMoreThan(options.maximum(), keyPrefix);
        }
        long deleted = 0;
        Map<String, StorageException> failures = new LinkedHashMap<>();
        List<String> batch = new ArrayList<>();
        int most = engine.capabilities().limits().deleteBatch();
        for (ListEntry entry : store.list(keyPrefix)) {
            batch.add(store.full(entry.key()));
            if (batch.size() == most) {
                deleted += batch.size();
                batch(batch, failures);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            deleted += batch.size();
            batch(batch, failures);
        }
        if (!failures.isEmpty()) {
            throw incomplete((int) Math.min(Integer.MAX_VALUE, deleted), failures);
        }
        return deleted;
    }

    private void refuseMoreThan(long maximum, String keyPrefix) {
        long count = 0;
        for (ListEntry entry : store.list(keyPrefix)) {
            Objects.requireNonNull(entry);
            if (++count > maximum) {
                throw store.failure(StorageException.Kind.INVALID_ARGUMENT, "delete", store.full(keyPrefix))
                        .message("there are more than " + maximum + " objects; nothing was deleted")
                        .fix("raise the maximum if that is meant")
                        .build();
            }
        }
    }
}

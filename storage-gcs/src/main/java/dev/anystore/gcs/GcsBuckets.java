package dev.anystore.gcs;

import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Cors;
import com.google.cloud.storage.HttpMethod;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BucketField;
import com.google.cloud.storage.Storage.BucketGetOption;
import com.google.cloud.storage.Storage.BucketTargetOption;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bucket itself, by Google's own client: few requests, small documents, nothing to win by making them here. */
final class GcsBuckets implements BucketAdmin, AutoCloseable {
    private final GcsClient client;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable GoogleClient google;

    GcsBuckets(GcsClient client) {
        this.client = client;
    }

    private <T> T ask(Call call, boolean changes, Function<Storage, T> work) {
        GoogleClient opened;
        lock.lock();
        try {
            if (google == null) {
                google = GoogleClient.open(client, call);
            }
            opened = google;
        } finally {
            lock.unlock();
        }
        return opened.ask(call, changes, work);
    }

    private Bucket found(Call call, BucketField... fields) {
        Bucket bucket = find(call, fields);
        if (bucket == null) {
            throw StorageException.builder(Kind.BUCKET_NOT_FOUND)
                    .message("there is no bucket " + client.bucket() + " at "
                            + client.config().where())
                    .fix("create it, or correct " + GcsSettings.BUCKET.howToSet())
                    .build();
        }
        return bucket;
    }

    private @Nullable Bucket find(Call call, BucketField... fields) {
        List<BucketGetOption> options = new ArrayList<>();
        options.add(BucketGetOption.fields(fields));
        payer(BucketGetOption::userProject, options);
        return ask(call, false, storage -> storage.get(client.bucket(), options.toArray(BucketGetOption[]::new)));
    }

    private <O> void payer(Function<String, O> option, List<O> options) {
        String payer = client.config().objects().userProject();
        if (payer != null) {
            options.add(option.apply(payer));
        }
    }

    private void update(BucketInfo info, Call call) {
        List<BucketTargetOption> options = new ArrayList<>();
        payer(BucketTargetOption::userProject, options);
        Object unused = ask(call, true, storage -> storage.update(info, options.toArray(BucketTargetOption[]::new)));
    }

    private BucketInfo.Builder change() {
        return BucketInfo.newBuilder(client.bucket());
    }

    @Override
    public void create(Call call) {
        if (client.config().project() == null && !client.config().emulator()) {
            throw StorageException.builder(Kind.CONFIGURATION)
                    .message("a bucket belongs to a project, and none is named")
                    .fix("set " + GcsSettings.PROJECT.howToSet())
                    .build();
        }
        try {
            Object unused = ask(call, true, storage -> storage.create(change().build()));
        } catch (StorageException e) {
            // Ours if we can see it: names are shared by the whole world, and a stranger's answers 403.
            if (e.kind() != Kind.CONFLICT || find(call, BucketField.NAME) == null) {
                throw e;
            }
        }
    }

    @Override
    public void delete(Call call) {
        boolean deleted = ask(call, true, storage -> storage.delete(client.bucket()));
        if (!deleted) {
            throw StorageException.builder(Kind.BUCKET_NOT_FOUND)
                    .message("there is no bucket " + client.bucket())
                    .build();
        }
    }

    @Override
    public boolean exists(Call call) {
        return find(call, BucketField.NAME) != null;
    }

    /** The service has one list of headers for both directions: what is set as allowed or exposed comes back as both. */
    @Override
    public List<CorsRule> cors(Call call) {
        List<CorsRule> rules = new ArrayList<>();
        List<Cors> found = found(call, BucketField.CORS).getCors();
        for (Cors cors : found == null ? List.<Cors>of() : found) {
            List<String> headers = orEmpty(cors.getResponseHeaders());
            rules.add(new CorsRule(
                    orEmpty(cors.getOrigins()).stream()
                            .map(Cors.Origin::getValue)
                            .toList(),
                    orEmpty(cors.getMethods()).stream()
                            .map(HttpMethod::toString)
                            .toList(),
                    headers,
                    headers,
                    cors.getMaxAgeSeconds() == null ? 0 : cors.getMaxAgeSeconds()));
        }
        return rules;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    @Override
    public void setCors(List<CorsRule> rules, Call call) {
        List<Cors> all = new ArrayList<>();
        for (CorsRule rule : rules) {
            Set<String> headers = new LinkedHashSet<>(rule.headers());
            headers.addAll(rule.exposed());
            Cors.Builder cors = Cors.newBuilder()
                    .setOrigins(rule.origins().stream().map(Cors.Origin::of).toList())
                    .setMethods(rule.methods().stream()
                            .map(method -> HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)))
                            .toList())
                    .setResponseHeaders(headers);
            all.add((rule.maxAgeSeconds() > 0 ? cors.setMaxAgeSeconds(rule.maxAgeSeconds()) : cors).build());
        }
        update(change().setCors(all).build(), call);
    }

    @Override
    public List<LifecycleRule> lifecycle(Call call) {
        return Lifecycles.read(found(call, BucketField.LIFECYCLE).getLifecycleRules());
    }

    @Override
    public void setLifecycle(List<LifecycleRule> rules, Call call) {
        List<BucketInfo.LifecycleRule> ours = Lifecycles.write(rules);
        // Rules that this interface has no words for would vanish without a word.
        Lifecycles.checkExpressible(found(call, BucketField.LIFECYCLE).getLifecycleRules());
        BucketInfo.Builder change = change();
        update((ours.isEmpty() ? change.deleteLifecycleRules() : change.setLifecycleRules(ours)).build(), call);
    }

    @Override
    public boolean versioning(Call call) {
        return Objects.equals(found(call, BucketField.VERSIONING).versioningEnabled(), true);
    }

    @Override
    public void setVersioning(boolean enabled, Call call) {
        update(change().setVersioningEnabled(enabled).build(), call);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (google != null) {
                google.close();
            }
        } finally {
            lock.unlock();
        }
    }
}

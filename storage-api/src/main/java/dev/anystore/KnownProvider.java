package dev.anystore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The providers that the library has, with what must be known of one that is not on the class path: which artifact brings
 * it, and whether the environment means it. Without the latter a forgotten dependency would turn a configured cloud into
 * a local folder. Of one that is there its own declarations count, not this table.
 *
 * @param begins variables of which each lets it take part in the automatic choice
 * @param needs what makes it complete: of each list one variable
 */
record KnownProvider(
        String id,
        String displayName,
        String artifact,
        List<String> aliases,
        List<String> begins,
        List<List<String>> needs) {

    private static final List<String> B2_BUCKET = List.of("B2_BUCKET_NAME", "B2_BUCKET", "BACKBLAZE_BUCKET");
    private static final List<String> B2_KEY_ID =
            List.of("B2_APPLICATION_KEY_ID", "B2_KEY_ID", "BACKBLAZE_KEY_ID", "B2_ACCOUNT_ID");
    private static final List<String> B2_KEY =
            List.of("B2_APPLICATION_KEY", "BACKBLAZE_APPLICATION_KEY", "B2_ACCOUNT_KEY");
    private static final List<String> B2_PLACE = List.of("B2_REGION", "BACKBLAZE_ENDPOINT", "B2_S3_ENDPOINT_URL");

    private static final List<String> S3_BUCKET = List.of(
            "S3_BUCKET",
            "AWS_S3_BUCKET_NAME",
            "AWS_S3_BUCKET",
            "AWS_BUCKET_NAME",
            "AWS_BUCKET",
            "AWS_STORAGE_BUCKET_NAME");
    private static final List<String> B2_OTHERS =
            List.of("B2_REGION", "BACKBLAZE_ENDPOINT", "B2_S3_ENDPOINT_URL", "B2_API_URL", "B2_PUBLIC_URL");
    private static final List<String> GCS_BUCKET =
            List.of("GCS_BUCKET_NAME", "GS_BUCKET_NAME", "GOOGLE_BUCKET_NAME", "GOOGLE_BUCKET");
    private static final List<String> AZURE_CONTAINER = List.of("AZURE_CONTAINER_NAME", "AZURE_CONTAINER");
    private static final List<String> AZURE_ACCOUNT = List.of(
            "AZURE_STORAGE_ACCOUNT_URL",
            "AZURE_STORAGE_ENDPOINT",
            "AZURE_STORAGE_CONNECTION_STRING",
            "AZURE_STORAGE_ACCOUNT",
            "AZURE_STORAGE_ACCOUNT_NAME",
            "AZURE_ACCOUNT_NAME");

    /** In the order in which they are listed. */
    static final List<KnownProvider> ALL = List.of(
            new KnownProvider("local", "Local folder", "storage-local", List.of(), List.of(), List.of()),
            new KnownProvider(
                    "s3",
                    "Amazon S3",
                    "storage-s3compat",
                    List.of("aws", "aws_s3", "minio", "ceph"),
                    S3_BUCKET,
                    List.of(S3_BUCKET)),
            family(
                    "r2",
                    "Cloudflare R2",
                    "storage-s3compat",
                    List.of("cloudflare", "cloudflare_r2"),
                    List.of("R2_JURISDICTION", "R2_PUBLIC_URL", "R2_CDN_DOMAIN"),
                    List.of(
                            List.of("R2_BUCKET_NAME", "R2_BUCKET", "CLOUDFLARE_R2_BUCKET"),
                            List.of("R2_ACCESS_KEY_ID", "R2_ACCESS_KEY", "CLOUDFLARE_R2_ACCESS_KEY"),
                            List.of("R2_SECRET_ACCESS_KEY", "R2_SECRET_KEY", "CLOUDFLARE_R2_SECRET_KEY"),
                            List.of("R2_ACCOUNT_ID", "CLOUDFLARE_R2_ACCOUNT_ID", "R2_ENDPOINT_URL"))),
            family(
                    "wasabi",
                    "Wasabi",
                    "storage-s3compat",
                    List.of(),
                    List.of("WASABI_PUBLIC_URL"),
                    List.of(
                            List.of("WASABI_BUCKET", "WASABI_BUCKET_NAME"),
                            List.of("WASABI_ACCESS_KEY", "WASABI_ACCESS_KEY_ID"),
                            List.of("WASABI_SECRET_KEY", "WASABI_SECRET_ACCESS_KEY"),
                            List.of("WASABI_REGION", "WASABI_ENDPOINT_URL"))),
            family(
                    "spaces",
                    "DigitalOcean Spaces",
                    "storage-s3compat",
                    List.of("do", "digitalocean"),
                    List.of("DO_SPACES_CDN_URL"),
                    List.of(
                            List.of("DO_SPACES_NAME", "DO_SPACES_BUCKET"),
                            List.of("DO_SPACES_KEY", "SPACES_ACCESS_KEY_ID"),
                            List.of("DO_SPACES_SECRET", "SPACES_SECRET_ACCESS_KEY"),
                            List.of("DO_SPACES_REGION", "DO_SPACES_ENDPOINT_URL"))),
            family(
                    "b2",
                    "Backblaze B2",
                    "storage-b2",
                    List.of("backblaze"),
                    B2_OTHERS,
                    List.of(B2_BUCKET, B2_KEY_ID, B2_KEY)),
            family(
                    "b2-s3",
                    "Backblaze B2 (S3 endpoint)",
                    "storage-s3compat",
                    List.of(),
                    List.of("B2_PUBLIC_URL"),
                    List.of(B2_BUCKET, B2_KEY_ID, B2_KEY, B2_PLACE)),
            new KnownProvider(
                    "gcs",
                    "Google Cloud Storage",
                    "storage-gcs",
                    List.of("gs", "google"),
                    GCS_BUCKET,
                    List.of(GCS_BUCKET)),
            new KnownProvider(
                    "azure",
                    "Azure Blob Storage",
                    "storage-azure",
                    List.of("azure_blob", "azblob"),
                    AZURE_CONTAINER,
                    List.of(AZURE_CONTAINER, AZURE_ACCOUNT)),
            new KnownProvider("memory", "Memory", "storage-memory", List.of(), List.of(), List.of()));

    /** A provider whose every name lets it take part: nobody carries these by accident. */
    private static KnownProvider family(
            String id,
            String displayName,
            String artifact,
            List<String> aliases,
            List<String> others,
            List<List<String>> needs) {
        List<String> begins = new ArrayList<>(others);
        needs.forEach(begins::addAll);
        return new KnownProvider(id, displayName, artifact, aliases, List.copyOf(begins), needs);
    }

    /** The provider with this id, or null. */
    static @Nullable KnownProvider of(String id) {
        return ALL.stream().filter(known -> known.id.equals(id)).findFirst().orElse(null);
    }

    /** What to add to a build file. */
    String coordinates() {
        return "dev.anystore:" + artifact;
    }

    /** The first variable that lets it take part, or null. */
    @Nullable
    String begunBy(Map<String, String> environment) {
        return begins.stream()
                .flatMap(name -> Stream.of(name, name + "_FILE"))
                .filter(name -> isSet(environment, name))
                .findFirst()
                .orElse(null);
    }

    /** What is not set, each by its first name. */
    List<String> unset(Map<String, String> environment) {
        return needs.stream()
                .filter(names -> names.stream()
                        .noneMatch(name -> isSet(environment, name) || isSet(environment, name + "_FILE")))
                .map(names -> names.get(0) + " is not set")
                .toList();
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }
}

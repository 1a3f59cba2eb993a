package dev.anystore.s3;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a user names a service: one row for each provider. Regions are hints for messages; one that is not listed is
 * never refused.
 *
 * @param id the value of {@code STORAGE_PROVIDER}
 * @param displayName its name for people
 * @param aliases other values that mean it
 * @param schemes of URIs
 * @param profile how its servers behave, unless setting, alias or endpoint say otherwise
 * @param hostTemplate its host: {@code {region}} and {@code {account}} are filled in
 * @param defaultRegion if none is set; null if there must be one
 * @param regions some that exist
 * @param settings by role
 */
record Vendor(
        String id,
        String displayName,
        List<String> aliases,
        List<String> schemes,
        Profile profile,
        String hostTemplate,
        @Nullable String defaultRegion,
        List<String> regions,
        S3Settings settings) {
    /** Amazon S3, and whatever is named by an endpoint. */
    static final Vendor S3 = new Vendor(
            "s3",
            "Amazon S3",
            List.of("aws", "aws_s3", "minio", "ceph"),
            List.of("s3"),
            Profile.AWS,
            "s3.{region}.amazonaws.com",
            // The server names the right one, see S3Client.
            "us-east-1",
            List.of("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1"),
            S3Settings.S3);

    /** Cloudflare R2: https://developers.cloudflare.com/r2/api/s3/api/ says that the region is always auto. */
    static final Vendor R2 = new Vendor(
            "r2",
            "Cloudflare R2",
            List.of("cloudflare", "cloudflare_r2"),
            List.of("r2"),
            Profile.R2,
            "{account}.r2.cloudflarestorage.com",
            "auto",
            List.of(),
            S3Settings.R2);

    /** Wasabi; its page of service URLs, 6 March 2026. */
    static final Vendor WASABI = new Vendor(
            "wasabi",
            "Wasabi",
            List.of(),
            List.of("wasabi"),
            Profile.WASABI,
            "s3.{region}.wasabisys.com",
            null,
            List.of(
                    "us-east-1",
                    "us-east-2",
                    "us-central-1",
                    "us-west-1",
                    "us-west-2",
                    "ca-central-1",
                    "eu-central-1",
                    "eu-central-2",
                    "eu-west-1",
                    "eu-west-2",
                    "eu-west-3",
                    "eu-south-1",
                    "ap-northeast-1",
                    "ap-northeast-2",
                    "ap-southeast-1",
                    "ap-southeast-2"),
            S3Settings.WASABI);

    /** DigitalOcean Spaces; regions as in rclone's DigitalOcean.yaml. */
    static final Vendor SPACES = new Vendor(
            "spaces",
            "DigitalOcean Spaces",
            List.of("do", "digitalocean"),
            List.of("spaces"),
            Profile.SPACES,
            "{region}.digitaloceanspaces.com",
            null,
            List.of("nyc3", "sfo2", "sfo3", "tor1", "lon1", "ams3", "fra1", "blr1", "sgp1", "syd1"),
            S3Settings.SPACES);

    /** Backblaze B2's S3 endpoint; the regions are unverified but for those that Backblaze's pages show. */
    static final Vendor B2_S3 = new Vendor(
            "b2-s3",
            "Backblaze B2, S3 endpoint",
            List.of(),
            List.of("b2-s3"),
            Profile.B2_S3,
            "s3.{region}.backblazeb2.com",
            null,
            List.of("us-west-000", "us-west-001", "us-west-002", "us-west-004", "us-east-005", "eu-central-003"),
            S3Settings.B2);

    /** The whole table. */
    static final List<Vendor> ALL = List.of(S3, R2, WASABI, SPACES, B2_S3);

    /** The vendor's host. */
    String host(String region, @Nullable String account, @Nullable String jurisdiction) {
        String host = hostTemplate.replace("{region}", region);
        if (account != null) {
            host = host.replace("{account}", jurisdiction == null ? account : account + '.' + jurisdiction);
        }
        // https://docs.aws.amazon.com/general/latest/gr/s3.html: China is a partition with a suffix of its own.
        return (id.equals("s3") && region.startsWith("cn-")) ? host + ".cn" : host;
    }
}

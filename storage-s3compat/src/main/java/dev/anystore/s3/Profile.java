package dev.anystore.s3;

import static dev.anystore.Capability.BUCKET_ADMIN;
import static dev.anystore.Capability.COMPLETE_IF_ABSENT;
import static dev.anystore.Capability.COMPLETE_IF_REVISION;
import static dev.anystore.Capability.DELETE_IF_REVISION;
import static dev.anystore.Capability.ENCRYPTION_CUSTOMER_KEY;
import static dev.anystore.Capability.ENCRYPTION_MANAGED_KEY;
import static dev.anystore.Capability.ENCRYPTION_SERVICE_KEY;
import static dev.anystore.Capability.MULTIPART;
import static dev.anystore.Capability.PRESIGN_DELETE;
import static dev.anystore.Capability.PRESIGN_GET;
import static dev.anystore.Capability.PRESIGN_PART;
import static dev.anystore.Capability.PRESIGN_PUT;
import static dev.anystore.Capability.PUT_IF_ABSENT;
import static dev.anystore.Capability.PUT_IF_REVISION;
import static dev.anystore.Capability.REQUESTER_PAYS;
import static dev.anystore.Capability.SERVER_COPY;
import static dev.anystore.Capability.TAGS;
import static dev.anystore.Capability.TWIN_PARTS;
import static dev.anystore.Capability.VERSIONS;

import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.Keys;
import dev.anystore.Limits;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a server that speaks S3 behaves: one row for each family of servers, each value with its source beside it. What is
 * not known of a service is set as if it could not do it. {@code docs/s3-profiles.md} is written from this table.
 */
final class Profile {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;
    private static final long GB = 1_000_000_000L;
    private static final long TB = 1_000_000_000_000L;

    /** What every server has that calls itself S3. */
    private static final Set<Capability> COMMON =
            EnumSet.of(MULTIPART, SERVER_COPY, PRESIGN_GET, PRESIGN_PUT, PRESIGN_DELETE, PRESIGN_PART, BUCKET_ADMIN);

    private static final String S3_LIMITS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html";
    private static final String S3_CONDITIONS =
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html";
    private static final String S3_DIGESTS =
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html";
    private static final String S3_KEYS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";
    private static final String S3_METADATA =
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html";
    private static final String R2_LIMITS = "https://developers.cloudflare.com/r2/platform/limits/";
    private static final String R2_API = "https://developers.cloudflare.com/r2/api/s3/api/";
    private static final String SPACES_LIMITS = "https://docs.digitalocean.com/products/spaces/details/limits/";
    private static final String SPACES_API =
            "https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/";
    private static final String B2_API = "https://www.backblaze.com/docs/cloud-storage-call-the-s3-compatible-api";
    private static final String B2_SDK = "https://www.backblaze.com/docs/cloud-storage-use-the-aws-sdk-for-java-v2";
    private static final String MINIO_LIMITS = "https://github.com/minio/minio/blob/master/docs/minio-limits.md";
    private static final String RADOSGW = "radosgw 16.2, tried";
    private static final String MINIO = "MinIO of February 2026, tried";
    private static final String VERSITYGW = "versitygw 1.8.0, tried";
    private static final String RCLONE = "rclone's table of providers, backend/s3/provider";

    /** Amazon S3. */
    static final Profile AWS = row("aws", "Amazon S3")
            .hosts(".amazonaws.com", ".amazonaws.com.cn")
            .checksums(Checksums.CRC32C, true, source(S3_DIGESTS))
            .md5Tags(true, source("https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html"))
            .pathStyle(false, source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html"))
            .listVersion(2, source("https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html"))
            // Two of AWS's own pages disagree on conditions of a copy's target, so they stay off.
            .can(source(S3_CONDITIONS), PUT_IF_ABSENT, PUT_IF_REVISION, COMPLETE_IF_ABSENT, COMPLETE_IF_REVISION)
            .can(
                    source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html"),
                    DELETE_IF_REVISION)
            .can(source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html"), TAGS)
            .can(source("https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html"), TWIN_PARTS)
            .can(source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html"), VERSIONS)
            .can(
                    source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html"),
                    ENCRYPTION_SERVICE_KEY,
                    ENCRYPTION_MANAGED_KEY,
                    ENCRYPTION_CUSTOMER_KEY)
            .can(
                    source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html"),
                    REQUESTER_PAYS)
            .copySourceConditions(
                    true, true, source("https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html"))
            .digestsCopiedParts(true, source("https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html"))
            .parts(5 * MIB, 5 * GIB, 10_000, false, source(S3_LIMITS))
            .objectBytes(10_000 * 5 * GIB, source(S3_LIMITS))
            .singlePutBytes(5 * GB, unverified("said to be 5 GB"))
            .singleCopyBytes(5 * GB, source("https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html"))
            .deleteBatch(1000, source("https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"))
            .keyBytes(1024, source(S3_KEYS))
            .metadataBytes(2 * KIB, source(S3_METADATA))
            .uploads(
                    true, true, source("https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html"))
            .build();

    /** Cloudflare R2. */
    static final Profile R2 = row("r2", "Cloudflare R2")
            .hosts(".r2.cloudflarestorage.com")
            .checksums(Checksums.CRC32C_PARTS, true, source(R2_API))
            .md5Tags(true, source("https://developers.cloudflare.com/r2/objects/multipart-objects/"))
            .pathStyle(true, source(RCLONE))
            .listVersion(2, source(R2_API))
            .can(source("https://developers.cloudflare.com/r2/api/s3/extensions/"), PUT_IF_ABSENT, PUT_IF_REVISION)
            .copySourceConditions(true, false, source(R2_API))
            .parts(
                    5 * MIB,
                    5 * GIB,
                    10_000,
                    true,
                    source("https://developers.cloudflare.com/r2/objects/multipart-objects/"))
            // 4.995 TiB and 4.995 GiB, rounded down.
            .objectBytes(5_114 * GIB, source(R2_LIMITS))
            .singlePutBytes(5_114 * MIB, source(R2_LIMITS))
            .singleCopyBytes(5_114 * MIB, source(R2_LIMITS))
            .deleteBatch(1000, source(R2_API))
            .keyBytes(1024, source(R2_LIMITS))
            .metadataBytes(8 * KIB, source(R2_LIMITS))
            .uploads(true, false, unverified("as S3, but for the encoding"))
            .build();

    /** Wasabi. */
    static final Profile WASABI = row("wasabi", "Wasabi")
            .hosts(".wasabisys.com")
            .checksums(Checksums.MD5, false, unverified("other digests are not known to work"))
            .md5Tags(false, unverified("said to be MD5, not relied on"))
            .pathStyle(true, unverified("both styles are said to work"))
            .listVersion(2, unverified("as S3"))
            .copySourceConditions(false, false, unverified("not known"))
            .parts(5 * MIB, 5 * GIB, 10_000, false, unverified("as S3"))
            .objectBytes(5 * TB, source("https://docs.wasabi.com/"))
            .singlePutBytes(5 * GB, source("PasswordPusher issue 1895, which quotes Wasabi's pages"))
            .singleCopyBytes(5 * GB, unverified("as S3"))
            .deleteBatch(1000, unverified("as S3"))
            .keyBytes(1024, unverified("as S3"))
            .metadataBytes(2 * KIB, unverified("as S3"))
            .uploads(true, false, unverified("as S3, but for the encoding"))
            .build();

    /** DigitalOcean Spaces. */
    static final Profile SPACES = row("spaces", "DigitalOcean Spaces")
            .hosts(".digitaloceanspaces.com")
            .checksums(Checksums.MD5, false, unverified("other digests are not known to work"))
            .md5Tags(false, unverified("said to be MD5, not relied on"))
            .pathStyle(true, source(SPACES_LIMITS))
            .listVersion(2, unverified("as S3"))
            .copySourceConditions(false, false, unverified("not known"))
            .parts(5 * MIB, 5 * GB, 10_000, false, source(SPACES_LIMITS))
            .objectBytes(5 * TB, source(SPACES_LIMITS))
            .singlePutBytes(5 * GB, source(SPACES_LIMITS))
            .singleCopyBytes(5 * GB, source(SPACES_API))
            .deleteBatch(1000, unverified("as S3"))
            .keyBytes(1024, unverified("as S3"))
            .metadataBytes(2 * KIB, unverified("as S3"))
            .uploads(true, false, unverified("as S3, but for the encoding"))
            .build();

    /** Backblaze B2's S3 endpoint. */
    static final Profile B2_S3 = row("b2-s3", "Backblaze B2, S3 endpoint")
            .hosts(".backblazeb2.com")
            .checksums(Checksums.MD5, false, source(B2_SDK))
            .md5Tags(false, unverified("said to be MD5, not relied on"))
            .pathStyle(true, source(B2_API))
            .listVersion(2, source(B2_API))
            // Every bucket keeps versions: a delete hides, and what it hides costs money until its version is deleted.
            .can(source(B2_API), VERSIONS)
            .copySourceConditions(false, false, unverified("conditions of puts are answered 501"))
            .parts(5 * MIB, 5 * GB, 10_000, false, unverified("5 MB are said to be the least"))
            .objectBytes(10 * TB, unverified("said to be 10 TB"))
            .singlePutBytes(5 * GB, unverified("as S3"))
            .singleCopyBytes(5 * GB, unverified("as S3"))
            .deleteBatch(1000, source(B2_API))
            .keyBytes(1024, source(B2_API))
            .metadataBytes(2 * KIB, unverified("name and metadata share 2,048 bytes where encryption is on"))
            .uploads(true, false, unverified("as S3, but for the encoding"))
            .build();

    /** MinIO. It refuses an upload that has digests and a copied part. */
    static final Profile MINIO_SERVER = row("minio", "MinIO")
            .checksums(Checksums.CRC32C, true, source(MINIO))
            .md5Tags(true, source(MINIO))
            .pathStyle(true, source(RCLONE))
            .listVersion(2, source(MINIO))
            .can(
                    source(MINIO),
                    PUT_IF_ABSENT,
                    PUT_IF_REVISION,
                    COMPLETE_IF_ABSENT,
                    COMPLETE_IF_REVISION,
                    TAGS,
                    TWIN_PARTS,
                    VERSIONS)
            .can(
                    source(MINIO + ", the first two with a key of its key management, the last over TLS"),
                    ENCRYPTION_SERVICE_KEY,
                    ENCRYPTION_MANAGED_KEY,
                    ENCRYPTION_CUSTOMER_KEY)
            .copySourceConditions(true, true, source(MINIO))
            .keysArePaths(source(MINIO + ": it refuses some such keys, and strips a slash at the beginning"))
            .parts(5 * MIB, 5 * GIB, 10_000, false, source(MINIO_LIMITS))
            .objectBytes(10_000 * 5 * GIB, source(MINIO_LIMITS))
            .singlePutBytes(5 * TIB, source(MINIO_LIMITS))
            .singleCopyBytes(5 * GIB, unverified("as S3"))
            .deleteBatch(1000, source(MINIO_LIMITS))
            .keyBytes(1024, source(MINIO_LIMITS))
            .metadataBytes(2 * KIB, unverified("as S3"))
            .uploads(false, true, source(MINIO + ": it lists uploads of one whole key only"))
            .build();

    /** Ceph's radosgw. Its newer releases can do more; this row is what all of them can. */
    static final Profile CEPH = row("ceph", "Ceph radosgw")
            .checksums(Checksums.MD5, false, source(RADOSGW + ": other digests are ignored"))
            .md5Tags(false, unverified("said to be MD5, not relied on"))
            .pathStyle(true, source(RCLONE))
            .listVersion(1, source(RCLONE))
            .can(source(RADOSGW), PUT_IF_ABSENT, TAGS, VERSIONS)
            .replacesUnderscores(source(RADOSGW))
            .listsUnwritable(source(RADOSGW + ": NextMarker is not encoded as the keys are"))
            .copySourceConditions(false, false, source(RADOSGW + ": ignored"))
            .parts(5 * MIB, 5 * GIB, 10_000, false, source("https://docs.ceph.com/en/latest/radosgw/config-ref/"))
            .objectBytes(5 * TB, unverified("said to be 5 TB"))
            .singlePutBytes(5 * GB, source("https://docs.ceph.com/en/latest/radosgw/config-ref/"))
            .singleCopyBytes(5 * GB, unverified("as S3"))
            .deleteBatch(1000, source("https://docs.ceph.com/en/latest/radosgw/config-ref/"))
            .keyBytes(1024, source(RADOSGW))
            .metadataBytes(2 * KIB, unverified("as S3"))
            .uploads(true, false, source(RADOSGW + ": it encodes without a word"))
            .build();

    /** Versity's gateway, a folder behind S3. */
    static final Profile VERSITY = row("versitygw", "Versity S3 Gateway")
            .checksums(Checksums.CRC32C, true, source(VERSITYGW))
            .md5Tags(true, source(VERSITYGW))
            .pathStyle(true, source(VERSITYGW))
            .listVersion(2, source(VERSITYGW))
            .can(source(VERSITYGW), PUT_IF_ABSENT, PUT_IF_REVISION, COMPLETE_IF_ABSENT, DELETE_IF_REVISION, TAGS)
            .copySourceConditions(true, false, source(VERSITYGW))
            .keysArePaths(source(VERSITYGW + ": it stores some such keys under another name"))
            .losesUnwritable(source(VERSITYGW + ": it lists them as another key"))
            .parts(5 * MIB, 5 * GIB, 10_000, false, unverified("as S3"))
            .objectBytes(5 * TIB, unverified("as S3 was"))
            .singlePutBytes(5 * GB, unverified("as S3"))
            .singleCopyBytes(5 * GB, unverified("as S3"))
            .deleteBatch(1000, unverified("as S3"))
            .keyBytes(1024, source(VERSITYGW))
            .metadataBytes(2 * KIB, unverified("as S3"))
            .uploads(true, false, unverified("as S3, but for the encoding"))
            .build();

    /** Anything else: what every server is known to take. */
    static final Profile GENERIC = row("generic", "any other endpoint")
            .checksums(Checksums.MD5, false, source("RFC 1864, in S3 from the beginning"))
            .md5Tags(false, source("entity tags are opaque: RFC 9110 section 8.8.3"))
            .pathStyle(true, source("needs no name for each bucket"))
            .listVersion(1, source("older than its successor, and everywhere"))
            .copySourceConditions(false, false, unverified("ignored by some"))
            .parts(5 * MIB, 5 * GIB, 10_000, false, source(S3_LIMITS))
            .objectBytes(5 * TB, source("the smallest of the services in this table but R2's and B2's own"))
            .singlePutBytes(5 * GB, unverified("as S3"))
            .singleCopyBytes(5 * GB, unverified("as S3"))
            .deleteBatch(1000, unverified("as S3"))
            .keyBytes(1024, source(S3_KEYS))
            .metadataBytes(2 * KIB, source(S3_METADATA))
            .uploads(true, false, unverified("as S3, but for the encoding"))
            .build();

    /** The whole table. */
    static final List<Profile> ALL = List.of(AWS, R2, WASABI, SPACES, B2_S3, MINIO_SERVER, CEPH, VERSITY, GENERIC);

    /**
     * One value of a row, for people.
     *
     * @param name of the value
     * @param value as text
     * @param source where it comes from
     */
    record Fact(String name, String value, Source source) {}

    /**
     * Where a value comes from.
     *
     * @param text a page, or what was tried
     * @param verified false: set from hearsay, and on the safe side
     */
    record Source(String text, boolean verified) {}

    private final Builder row;
    private final Capabilities capabilities;

    private Profile(Builder row) {
        this.row = row;
        boolean ifAbsent = row.can.contains(PUT_IF_ABSENT);
        boolean completes = row.can.contains(COMPLETE_IF_ABSENT);
        this.capabilities = Capabilities.of(
                row.can,
                row.limits
                        .ifAbsentBytes(!ifAbsent ? 0 : completes ? row.objectBytes : row.singlePutBytes)
                        .listPage(1000)
                        .build());
    }

    /** The row of this name, or null. */
    static @Nullable Profile named(String name) {
        for (Profile profile : ALL) {
            if (profile.name().equalsIgnoreCase(name)) {
                return profile;
            }
        }
        return null;
    }

    /** The row of the service that this host belongs to, or null. */
    static @Nullable Profile ofHost(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        for (Profile profile : ALL) {
            if (profile.owns(lower)) {
                return profile;
            }
        }
        return null;
    }

    /** The value of {@code S3_PROFILE}. */
    String name() {
        return row.name;
    }

    /** The name for people. */
    String displayName() {
        return row.displayName;
    }

    /** Whether the host is one of the service's own. */
    boolean owns(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return row.hosts.stream().anyMatch(suffix -> lower.endsWith(suffix));
    }

    /** What a store can do here. */
    Capabilities capabilities() {
        return capabilities;
    }

    /** The digest that is sent. */
    Checksums checksums() {
        return row.checksums;
    }

    /** Whether reading asks for the digests that are stored. */
    boolean asksForChecksums() {
        return row.asksForChecksums;
    }

    /** Whether the entity tag of an object that was put in one request is its MD5. */
    boolean md5Tags() {
        return row.md5Tags;
    }

    /** Whether the bucket stands in the path, where the user does not say. */
    boolean pathStyle() {
        return row.pathStyle;
    }

    /** 1 or 2. */
    int listVersion() {
        return row.listVersion;
    }

    /** Whether a copy honours a condition on its source. */
    boolean copySourceConditions() {
        return row.copySourceConditions;
    }

    /** Whether a part copy honours a condition on its source. */
    boolean partCopySourceConditions() {
        return row.partCopySourceConditions;
    }

    /** Whether an upload may have digests and copied parts. */
    boolean digestsCopiedParts() {
        return row.digestsCopiedParts;
    }

    /** Whether the names of metadata come back with {@code -} where they had {@code _}. */
    boolean replacesUnderscores() {
        return row.replacesUnderscores;
    }

    /** Whether its listings hold characters that XML can't write, so that they are no XML. */
    boolean listsUnwritable() {
        return row.listsUnwritable;
    }

    /**
     * Why the server would not keep this key as it is, or null. Servers that keep objects as files take some keys for others
     * of the same path, and answer with success.
     */
    @Nullable
    String refusal(String key) {
        if (row.losesUnwritable && !XmlWriter.canCarry(key)) {
            return "has a character that no XML can write, and that this server lists as another one";
        }
        if (!row.keysArePaths) {
            return null;
        }
        if (key.startsWith("/")) {
            return "begins with a slash, which this server strips";
        }
        // A slash at the end is a key of its own.
        String path = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return "has the segment '" + segment + "', which this server takes for a path's";
            }
            if (Keys.utf8Length(segment) > 255) {
                return "has a segment of over 255 bytes, which this server can't keep as a file's name";
            }
        }
        return null;
    }

    /** Whether unfinished uploads are listed by any prefix. */
    boolean uploadsByPrefix() {
        return row.uploadsByPrefix;
    }

    /** Whether a list of uploads says that its keys are percent-encoded, if that was asked for. */
    boolean saysEncodingOfUploads() {
        return row.saysEncodingOfUploads;
    }

    /** All values of the row with their sources, in the order of the table. */
    List<Fact> facts() {
        return List.copyOf(row.facts);
    }

    @Override
    public String toString() {
        return row.name;
    }

    private static Source source(String text) {
        return new Source(text, true);
    }

    private static Source unverified(String text) {
        return new Source(text, false);
    }

    private static Builder row(String name, String displayName) {
        return new Builder(name, displayName);
    }

    /** Collects a row. */
    private static final class Builder {
        private final String name;
        private final String displayName;
        private final List<Fact> facts = new ArrayList<>();
        private final EnumSet<Capability> can = EnumSet.copyOf(COMMON);
        private final Limits.Builder limits = Limits.builder();
        private List<String> hosts = List.of();
        private Checksums checksums = Checksums.NONE;
        private boolean asksForChecksums;
        private boolean md5Tags;
        private boolean pathStyle;
        private int listVersion;
        private boolean copySourceConditions;
        private boolean partCopySourceConditions;
        private boolean digestsCopiedParts;
        private boolean keysArePaths;
        private boolean replacesUnderscores;
        private boolean listsUnwritable;
        private boolean losesUnwritable;
        private boolean uploadsByPrefix;
        private boolean saysEncodingOfUploads;
        private long objectBytes;
        private long singlePutBytes;

        Builder(String name, String displayName) {
            this.name = name;
            this.displayName = displayName;
        }

        private Builder fact(String what, Object value, Source source) {
            facts.add(new Fact(what, String.valueOf(value), source));
            return this;
        }

        Builder hosts(String... suffixes) {
            hosts = List.of(suffixes);
            return this;
        }

        Builder checksums(Checksums value, boolean asks, Source source) {
            checksums = value;
            asksForChecksums = asks;
            return fact("digest that is sent", value.settingValue(), source);
        }

        Builder md5Tags(boolean value, Source source) {
            md5Tags = value;
            return fact("entity tag of one put is its MD5", yesNo(value), source);
        }

        Builder pathStyle(boolean value, Source source) {
            pathStyle = value;
            return fact("bucket stands in", value ? "the path" : "the host name", source);
        }

        Builder listVersion(int value, Source source) {
            listVersion = value;
            return fact("version of ListObjects", value, source);
        }

        Builder can(Source source, Capability... more) {
            can.addAll(List.of(more));
            for (Capability capability : more) {
                fact(capability.name(), "yes", source);
            }
            return this;
        }

        Builder copySourceConditions(boolean copies, boolean partCopies, Source source) {
            copySourceConditions = copies;
            partCopySourceConditions = partCopies;
            return fact(
                    "honours a condition on the source of a copy, of a part copy",
                    yesNo(copies) + ", " + yesNo(partCopies),
                    source);
        }

        Builder digestsCopiedParts(boolean value, Source source) {
            digestsCopiedParts = value;
            return fact("digests parts that are copied", yesNo(value), source);
        }

        Builder keysArePaths(Source source) {
            keysArePaths = true;
            return fact("keys it can't keep", "empty, . and .. segments, segments over 255 bytes", source);
        }

        Builder replacesUnderscores(Source source) {
            replacesUnderscores = true;
            return fact("names of metadata it changes", "those with _, which are refused", source);
        }

        Builder listsUnwritable(Source source) {
            listsUnwritable = true;
            return fact("characters of a listing that no XML has", "are read all the same", source);
        }

        Builder losesUnwritable(Source source) {
            losesUnwritable = true;
            return fact("characters of a key that no XML has", "are refused", source);
        }

        Builder parts(long min, long max, int count, boolean equal, Source source) {
            limits.partBytes(min, max).partCount(count).equalParts(equal);
            return fact(
                    "parts",
                    bytes(min) + " to " + bytes(max) + ", " + count + (equal ? ", all but the last of one size" : ""),
                    source);
        }

        Builder objectBytes(long value, Source source) {
            objectBytes = value;
            limits.objectBytes(value);
            return fact("largest object", bytes(value), source);
        }

        Builder singlePutBytes(long value, Source source) {
            singlePutBytes = value;
            limits.singlePutBytes(value);
            return fact("largest single put", bytes(value), source);
        }

        Builder singleCopyBytes(long value, Source source) {
            limits.singleCopyBytes(value);
            return fact("largest single copy", bytes(value), source);
        }

        Builder deleteBatch(int value, Source source) {
            limits.deleteBatch(value);
            return fact("keys of one delete", value, source);
        }

        Builder keyBytes(int value, Source source) {
            limits.keyBytes(value);
            return fact("bytes of a key", value, source);
        }

        Builder metadataBytes(long value, Source source) {
            limits.metadataBytes((int) value);
            return fact("bytes of metadata", value, source);
        }

        Builder uploads(boolean byPrefix, boolean saysEncoding, Source source) {
            uploadsByPrefix = byPrefix;
            saysEncodingOfUploads = saysEncoding;
            return fact(
                    "lists uploads by prefix, says how they are encoded",
                    yesNo(byPrefix) + ", " + yesNo(saysEncoding),
                    source);
        }

        Profile build() {
            return new Profile(this);
        }

        private static String yesNo(boolean value) {
            return value ? "yes" : "no";
        }

        private static String bytes(long value) {
            long[] units = {TIB, TB, GIB, GB, MIB, KIB};
            String[] names = {"TiB", "TB", "GiB", "GB", "MiB", "KiB"};
            for (int i = 0; i < units.length; i++) {
                if (value % units[i] == 0) {
                    return value / units[i] + " " + names[i];
                }
            }
            return value + " bytes";
        }
    }
}

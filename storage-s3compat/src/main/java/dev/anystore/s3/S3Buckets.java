package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bucket itself. */
final class S3Buckets implements BucketAdmin {
    private final S3Client client;

    S3Buckets(S3Client client) {
        this.client = client;
    }

    @Override
    public void create(Call call) {
        S3Request put = S3Request.bucket("PUT");
        String region = client.config().region();
        // Amazon wants the region named, but for its first one, which has no name there; others know only their own.
        if (client.config().profile() == Profile.AWS && !region.equals("us-east-1")) {
            put.document(new XmlWriter("CreateBucketConfiguration")
                    .element("LocationConstraint", region)
                    .bytes("CreateBucketConfiguration"));
        }
        try {
            client.sendForHead(put, call);
        } catch (StorageException e) {
            // S3 answers 409 with this code where the bucket is ours; others answer 409 without one, so look.
            boolean taken = e.status().orElse(0) == 409;
            if (!taken || !exists(call)) {
                throw e;
            }
        }
    }

    @Override
    public void delete(Call call) {
        client.sendForHead(S3Request.bucket("DELETE"), call);
    }

    @Override
    public boolean exists(Call call) {
        try {
            client.sendForHead(S3Request.bucket("HEAD"), call);
            return true;
        } catch (StorageException e) {
            if (e.kind() == Kind.BUCKET_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public List<CorsRule> cors(Call call) {
        return orNone(
                "NoSuchCORSConfiguration",
                () -> client.read(
                        S3Request.bucket("GET").query("cors", ""), call, "CORSConfiguration", (xml, answer) -> {
                            List<CorsRule> rules = new ArrayList<>();
                            while (xml.nextChild()) {
                                if (xml.name().equals("CORSRule")) {
                                    rules.add(corsRule(xml));
                                } else {
                                    xml.skip();
                                }
                            }
                            return rules;
                        }));
    }

    private static CorsRule corsRule(XmlReader xml) throws IOException {
        List<String> origins = new ArrayList<>();
        List<String> methods = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        List<String> exposed = new ArrayList<>();
        long maxAge = 0;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "AllowedOrigin" -> origins.add(xml.text());
                case "AllowedMethod" -> methods.add(xml.text());
                case "AllowedHeader" -> headers.add(xml.text());
                case "ExposeHeader" -> exposed.add(xml.text());
                case "MaxAgeSeconds" -> maxAge = xml.number();
                default -> xml.skip();
            }
        }
        return new CorsRule(origins, methods, headers, exposed, (int) Math.min(maxAge, Integer.MAX_VALUE));
    }

    @Override
    public void setCors(List<CorsRule> rules, Call call) {
        if (rules.isEmpty()) {
            client.sendForHead(S3Request.bucket("DELETE").query("cors", ""), call);
            return;
        }
        XmlWriter xml = new XmlWriter("CORSConfiguration");
        for (CorsRule rule : rules) {
            xml.open("CORSRule");
            rule.origins().forEach(origin -> xml.element("AllowedOrigin", origin));
            rule.methods().forEach(method -> xml.element("AllowedMethod", method));
            rule.headers().forEach(header -> xml.element("AllowedHeader", header));
            rule.exposed().forEach(header -> xml.element("ExposeHeader", header));
            if (rule.maxAgeSeconds() > 0) {
                xml.element("MaxAgeSeconds", Integer.toString(rule.maxAgeSeconds()));
            }
            xml.close("CORSRule");
        }
        put("cors", xml.bytes("CORSConfiguration"), call);
    }

    @Override
    public List<LifecycleRule> lifecycle(Call call) {
        return orNone(
                "NoSuchLifecycleConfiguration",
                () -> client.read(
                        S3Request.bucket("GET").query("lifecycle", ""),
                        call,
                        "LifecycleConfiguration",
                        (xml, answer) -> {
                            List<LifecycleRule> rules = new ArrayList<>();
                            while (xml.nextChild()) {
                                if (xml.name().equals("Rule")) {
                                    rules.add(lifecycleRule(xml));
                                } else {
                                    xml.skip();
                                }
                            }
                            return rules;
                        }));
    }

    private static LifecycleRule lifecycleRule(XmlReader xml) throws IOException {
        String id = "";
        boolean enabled = false;
        String prefix = "";
        Integer expiration = null;
        Integer noncurrent = null;
        Integer abort = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "ID" -> id = xml.text();
                case "Status" -> enabled = xml.text().trim().equals("Enabled");
                case "Prefix" -> prefix = xml.text();
                case "Filter" -> {
                    String of = inner(xml, "Prefix");
                    prefix = of == null ? prefix : of;
                }
                case "Expiration" -> expiration = days(xml, "Days");
                case "NoncurrentVersionExpiration" -> noncurrent = days(xml, "NoncurrentDays");
                case "AbortIncompleteMultipartUpload" -> abort = days(xml, "DaysAfterInitiation");
                default -> xml.skip();
            }
        }
        return new LifecycleRule(id, enabled, prefix, expiration, noncurrent, abort);
    }

    private static @Nullable Integer days(XmlReader xml, String name) throws IOException {
        String text = inner(xml, name);
        try {
            return text == null ? null : Integer.valueOf(text.trim());
        } catch (NumberFormatException e) {
            throw new XmlReader.MalformedXml("a number of days is none");
        }
    }

    /** The text of one child of this element, to the element's end. */
    private static @Nullable String inner(XmlReader xml, String name) throws IOException {
        String found = null;
        while (xml.nextChild()) {
            if (xml.name().equals(name)) {
                found = xml.text();
            } else {
                xml.skip();
            }
        }
        return found;
    }

    @Override
    public void setLifecycle(List<LifecycleRule> rules, Call call) {
        if (rules.isEmpty()) {
            client.sendForHead(S3Request.bucket("DELETE").query("lifecycle", ""), call);
            return;
        }
        XmlWriter xml = new XmlWriter("LifecycleConfiguration");
        for (LifecycleRule rule : rules) {
            xml.open("Rule")
                    .element("ID", rule.id())
                    .element("Status", rule.enabled() ? "Enabled" : "Disabled")
                    .open("Filter")
                    .element("Prefix", rule.prefix())
                    .close("Filter");
            days(xml, "Expiration", "Days", rule.expirationDays());
            days(xml, "NoncurrentVersionExpiration", "NoncurrentDays", rule.noncurrentDays());
            days(xml, "AbortIncompleteMultipartUpload", "DaysAfterInitiation", rule.abortUploadDays());
            xml.close("Rule");
        }
        put("lifecycle", xml.bytes("LifecycleConfiguration"), call);
    }

    private static void days(XmlWriter xml, String outer, String inner, @Nullable Integer days) {
        if (days != null) {
            xml.open(outer).element(inner, days.toString()).close(outer);
        }
    }

    @Override
    public boolean versioning(Call call) {
        S3Request get = S3Request.bucket("GET").query("versioning", "");
        return client.read(
                get, call, "VersioningConfiguration", (xml, answer) -> "Enabled".equals(inner(xml, "Status")));
    }

    @Override
    public void setVersioning(boolean enabled, Call call) {
        put(
                "versioning",
                new XmlWriter("VersioningConfiguration")
                        .element("Status", enabled ? "Enabled" : "Suspended")
                        .bytes("VersioningConfiguration"),
                call);
    }

    private void put(String what, byte[] document, Call call) {
        client.sendForHead(
                S3Request.bucket("PUT")
                        .query(what, "")
                        .document(document)
                        .header("content-md5", S3Deletes.md5(document)),
                call);
    }

    /** Reads rules. */
    private interface Rules<T> {
        List<T> read();
    }

    /** A bucket without rules answers 404 with a code of its own. */
    private static <T> List<T> orNone(String code, Rules<T> rules) {
        try {
            return List.copyOf(rules.read());
        } catch (StorageException e) {
            if (e.reason().contains(code)) {
                return List.of();
            }
            throw e;
        }
    }
}

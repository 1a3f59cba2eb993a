package dev.anystore.s3;

import dev.anystore.spi.Call;
import dev.anystore.spi.Tags;
import java.util.Map;
import java.util.TreeMap;

/** The tags of objects. */
final class S3Tags implements Tags {
    private final S3Client client;

    S3Tags(S3Client client) {
        this.client = client;
    }

    @Override
    public Map<String, String> get(String key, Call call) {
        S3Request get = S3Request.object("GET", key).query("tagging", "");
        return client.read(get, call, "Tagging", (xml, answer) -> {
            Map<String, String> tags = new TreeMap<>();
            while (xml.nextChild()) {
                if (!xml.name().equals("TagSet")) {
                    xml.skip();
                    continue;
                }
                while (xml.nextChild()) {
                    String name = "";
                    String value = "";
                    while (xml.nextChild()) {
                        switch (xml.name()) {
                            case "Key" -> name = xml.text();
                            case "Value" -> value = xml.text();
                            default -> xml.skip();
                        }
                    }
                    tags.put(name, value);
                }
            }
            return tags;
        });
    }

    @Override
    public void set(String key, Map<String, String> tags, Call call) {
        if (tags.isEmpty()) {
            client.sendForHead(S3Request.object("DELETE", key).query("tagging", ""), call);
            return;
        }
        XmlWriter xml = new XmlWriter("Tagging").open("TagSet");
        new TreeMap<>(tags).forEach((name, value) -> xml.open("Tag")
                .element("Key", name)
                .element("Value", value)
                .close("Tag"));
        byte[] document = xml.close("TagSet").bytes("Tagging");
        client.sendForHead(
                S3Request.object("PUT", key)
                        .query("tagging", "")
                        .document(document)
                        .header("content-md5", S3Deletes.md5(document)),
                call);
    }
}

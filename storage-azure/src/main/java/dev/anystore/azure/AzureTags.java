package dev.anystore.azure;

import dev.anystore.spi.Call;
import dev.anystore.spi.Tags;
import java.util.Map;
import java.util.TreeMap;

/** Index tags, by which the service finds blobs; at most ten of a blob. */
final class AzureTags implements Tags {
    private final AzureClient client;

    AzureTags(AzureClient client) {
        this.client = client;
    }

    @Override
    public Map<String, String> get(String key, Call call) {
        AzureRequest get = AzureRequest.object("GET", key, Right.TAG).query("comp", "tags");
        return client.read(get, call, "Tags", (xml, answer) -> {
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
        XmlWriter xml = new XmlWriter("Tags").open("TagSet");
        new TreeMap<>(tags).forEach((name, value) -> xml.open("Tag")
                .element("Key", name)
                .element("Value", value)
                .close("Tag"));
        client.sendForHead(
                AzureRequest.object("PUT", key, Right.TAG)
                        .query("comp", "tags")
                        .document(xml.close("TagSet").bytes("Tags"), "application/xml"),
                call);
    }
}

package dev.anystore.spi;

import java.util.Map;

/** The power to tag objects. */
public interface Tags {
    /** The tags of an object; empty if it has none. */
    Map<String, String> get(String key, Call call);

    /** Replaces all tags of an object. */
    void set(String key, Map<String, String> tags, Call call);
}

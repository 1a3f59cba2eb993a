package dev.anystore.memory;

import dev.anystore.Keys;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Cuts pages out of the sorted keys of a space, within its lock. A page costs what it shows, not what lies before it. */
final class Listings {
    private Listings() {}

    static ListPage page(NavigableMap<String, List<Stored>> byKey, ListRequest request) {
        List<ListEntry> objects = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        NavigableMap<String, List<Stored>> rest = rest(byKey, request);
        @Nullable PageToken last = null;
        while (true) {
            Map.Entry<String, List<Stored>> entry = nextVisible(rest);
            if (entry == null || !entry.getKey().startsWith(request.prefix())) {
                return ListPage.of(objects, prefixes, null);
            }
            if (last != null && objects.size() + prefixes.size() == request.pageSize()) {
                return ListPage.of(objects, prefixes, last.text());
            }
            String folded = fold(entry.getKey(), request);
            if (folded == null) {
                objects.add(entry.getValue().get(0).entry(entry.getKey()));
                last = new PageToken(PageToken.OBJECT, 0, entry.getKey());
                rest = rest.tailMap(entry.getKey(), false);
            } else {
                prefixes.add(folded);
                last = new PageToken(PageToken.PREFIX, 0, folded);
                rest = behind(byKey, folded);
            }
        }
    }

    private static NavigableMap<String, List<Stored>> rest(
            NavigableMap<String, List<Stored>> byKey, ListRequest request) {
        if (request.pageToken() != null) {
            PageToken token = PageToken.parse(request.pageToken(), "" + PageToken.OBJECT + PageToken.PREFIX);
            return token.kind() == PageToken.PREFIX ? behind(byKey, token.key()) : byKey.tailMap(token.key(), false);
        }
        String after = request.startAfter();
        return after == null || Keys.UTF8_ORDER.compare(after, request.prefix()) < 0
                ? byKey.tailMap(request.prefix(), true)
                : byKey.tailMap(after, false);
    }

    private static Map.@Nullable Entry<String, List<Stored>> nextVisible(NavigableMap<String, List<Stored>> rest) {
        for (Map.Entry<String, List<Stored>> entry : rest.entrySet()) {
            if (!entry.getValue().get(0).marker()) {
                return entry;
            }
        }
        return null;
    }

    private static @Nullable String fold(String key, ListRequest request) {
        String delimiter = request.delimiter();
        if (delimiter == null || delimiter.isEmpty()) {
            return null;
        }
        int at = key.indexOf(delimiter, request.prefix().length());
        return at < 0 ? null : key.substring(0, at + delimiter.length());
    }

    /** The keys behind all that begin with this prefix. */
    private static NavigableMap<String, List<Stored>> behind(NavigableMap<String, List<Stored>> byKey, String prefix) {
        String next = successor(prefix);
        return next == null ? new TreeMap<>(Keys.UTF8_ORDER) : byKey.tailMap(next, true);
    }

    /** The smallest string that sorts behind everything with this prefix, or null if there is none. */
    static @Nullable String successor(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            end -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return prefix.substring(0, end) + Character.toString(next);
            }
        }
        return null;
    }

    static Versions.Page versions(
            NavigableMap<String, List<Stored>> byKey, String prefix, int pageSize, @Nullable String pageToken) {
        PageToken token = pageToken == null ? null : PageToken.parse(pageToken, "" + PageToken.VERSION);
        List<Versions.Version> versions = new ArrayList<>();
        @Nullable PageToken last = null;
        for (Map.Entry<String, List<Stored>> entry :
                byKey.tailMap(token == null ? prefix : token.key(), true).entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(prefix)) {
                break;
            }
            long newest = entry.getValue().get(0).sequence();
            for (Stored stored : entry.getValue()) {
                // Versions of a key are numbered downwards, so those shown already have higher numbers.
                if (token != null && token.key().equals(key) && stored.sequence() >= token.number()) {
                    continue;
                }
                if (last != null && versions.size() == pageSize) {
                    return new Versions.Page(versions, last.text());
                }
                versions.add(stored.version(key, stored.sequence() == newest));
                last = new PageToken(PageToken.VERSION, stored.sequence(), key);
            }
        }
        return new Versions.Page(versions, null);
    }
}

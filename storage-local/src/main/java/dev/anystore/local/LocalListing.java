package dev.anystore.local;

import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.ListRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Lists a root in the order of its keys. */
final class LocalListing {
    private final Path root;
    private final Notes notes;
    private final Cursors cursors = new Cursors();

    LocalListing(Path root, Notes notes) {
        this.root = root;
        this.notes = notes;
    }

    /** Forgets what it has seen. */
    void forget() {
        cursors.clear();
    }

    /** One page. */
    ListPage page(ListRequest request, Finder finder, Guard guard) throws IOException {
        Token token = request.pageToken() == null ? null : Token.parse(request.pageToken());
        try (Folder top = Folder.openRoot(root)) {
            if (top == null) {
                throw StorageException.builder(Kind.BUCKET_NOT_FOUND)
                        .message("the folder " + root + " is not there")
                        .fix("put something, which makes it, or set LOCAL_STORAGE_PATH to the folder that you mean")
                        .build();
            }
        }
        Cursors.Cursor cursor = token == null ? null : cursors.take(token.cursor(), request);
        String after = token != null ? token.last() : request.startAfter() == null ? "" : request.startAfter();
        String skip = token != null && token.folded() ? token.last() : null;
        try (Walk walk = new Walk(request, finder, notes, guard, after, skip)) {
            walk.begin(cursor);
            List<ListEntry> objects = new ArrayList<>();
            List<String> prefixes = new ArrayList<>();
            while (objects.size() + prefixes.size() < request.pageSize()) {
                Walk.Item item = walk.next();
                if (item == null) {
                    return ListPage.of(objects, prefixes, null);
                }
                if (item.object() != null) {
                    objects.add(item.object());
                } else {
                    prefixes.add(item.key());
                }
            }
            Cursors.Cursor rest = walk.rest();
            if (rest == null) {
                return ListPage.of(objects, prefixes, null);
            }
            String id = cursors.keep(rest);
            return ListPage.of(objects, prefixes, new Token(id, walk.lastWasFolded(), walk.last()).toString());
        }
    }

    /**
     * Where the next page begins: enough to find it anew when the cursor is gone.
     *
     * @param cursor the id of the cursor
     * @param folded whether the last item was a folded prefix
     * @param last the last key or prefix
     */
    private record Token(String cursor, boolean folded, String last) {
        static Token parse(String text) {
            try {
                String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
                int colon = plain.indexOf(':');
                if (colon >= 0 && colon + 2 < plain.length() && "kp".indexOf(plain.charAt(colon + 1)) >= 0) {
                    return new Token(
                            plain.substring(0, colon), plain.charAt(colon + 1) == 'p', plain.substring(colon + 2));
                }
            } catch (IllegalArgumentException e) {
                // The same sentence as below.
            }
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("the page token is none of this store")
                    .build();
        }

        @Override
        public String toString() {
            String plain = cursor + ":" + (folded ? "p" : "k") + last;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        }
    }
}

package dev.anystore.local;

import dev.anystore.Keys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the segments of keys into file names and back. Every segment has exactly one canonical name, no two segments
 * share one, and a canonical name is legal on every common file system. A name that the encoder would not make stands
 * for itself: so a file that was put there by hand has a key too.
 */
final class KeyNames {
    /** The folder at the top of a root that is ours. */
    static final String OURS = ".anystore";

    /** Ends the name of a file whose plain name is taken by a folder, or the other way round: no segment holds a slash. */
    static final String TWIN = "%2F";

    /** Longer names are cut and hashed: the file systems' 255 bytes, less the twin's ending and a margin for other tools. */
    static final int MAX_NAME_BYTES = 240;

    private static final int KEPT_BYTES = 160;
    private static final int HASH_DIGITS = 32;
    private static final String ESCAPED = "%\\:*?\"<>|\u007f";
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    /** Names that Windows gives to devices, in every folder and with every ending. Superscript digits count there. */
    private static final Pattern DEVICE = Pattern.compile(
            "(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\\$|conout\\$) *(?:\\..*)?",
            Pattern.DOTALL);

    private static final Pattern HASHED = Pattern.compile(".*%~[0-9a-f]{" + HASH_DIGITS + "}", Pattern.DOTALL);

    private final RootFormat format;

    KeyNames(RootFormat format) {
        this.format = format;
    }

    RootFormat format() {
        return format;
    }

    /** The segments of a key; {@code a//b/} has four, of which two are empty. */
    static List<String> segments(String key) {
        List<String> segments = new ArrayList<>();
        int from = 0;
        for (int slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', from)) {
            segments.add(key.substring(from, slash));
            from = slash + 1;
        }
        segments.add(key.substring(from));
        return segments;
    }

    /** Where a new object would be, if no folder or file stands in its way. */
    Path path(Path root, String key) {
        Path path = root;
        List<String> segments = segments(key);
        for (int i = 0; i < segments.size(); i++) {
            path = path.resolve(encode(segments.get(i), i == 0));
        }
        return path;
    }

    /** Whether some segment of the key has a hashed name, so that the key must be written beside the object. */
    boolean needsKey(List<String> segments) {
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.length() > MAX_NAME_BYTES / 12 && isHashed(encode(segment, i == 0))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a name looks like one that was cut. */
    static boolean isHashed(String name) {
        return name.length() > HASH_DIGITS && HASHED.matcher(name).matches();
    }

    /**
     * The canonical name of a segment.
     *
     * @param top whether it is the first of its key
     */
    String encode(String segment, boolean top) {
        if (segment.isEmpty()) {
            return "%";
        }
        if (isPlain(segment, top)) {
            return segment;
        }
        String name = escape(segment, false);
        boolean reserved =
                DEVICE.matcher(name.toLowerCase(Locale.ROOT)).matches() || (top && name.equalsIgnoreCase(OURS));
        return reserved ? escape(segment, true) : name;
    }

    /** Most segments need no second look: short, no dot or space at an end, only letters that are never escaped. */
    private boolean isPlain(String segment, boolean top) {
        int length = segment.length();
        boolean mayBeDevice = mayBeDevice(segment);
        if (length > MAX_NAME_BYTES || (length < 8 && mayBeDevice) || (top && segment.charAt(0) == '.')) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = segment.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || (c == '.' && i < length - 1 && (i > 7 || !mayBeDevice))
                    || (c >= 'A' && c <= 'Z' && !format.fold());
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayBeDevice(String segment) {
        return switch (segment.charAt(0)) {
            case 'c', 'C', 'p', 'P', 'a', 'A', 'n', 'N', 'l', 'L' -> true;
            default -> false;
        };
    }

    private String escape(String segment, boolean first) {
        StringBuilder name = new StringBuilder(segment.length() + 16);
        int bytes = 0;
        int cut = 0;
        int i = 0;
        while (i < segment.length()) {
            int c = segment.codePointAt(i);
            int next = i + Character.charCount(c);
            if ((first && i == 0) || isEscaped(c) || (next == segment.length() && (c == ' ' || c == '.'))) {
                byte[] utf8 = segment.substring(i, next).getBytes(StandardCharsets.UTF_8);
                for (byte b : utf8) {
                    name.append('%').append(UPPER.toHexDigits(b));
                }
                bytes += 3 * utf8.length;
            } else {
                name.appendCodePoint(c);
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            }
            if (bytes <= KEPT_BYTES) {
                cut = name.length();
            }
            i = next;
        }
        if (bytes <= MAX_NAME_BYTES) {
            return name.toString();
        }
        return name.substring(0, cut) + "%~" + sha256(segment).substring(0, HASH_DIGITS);
    }

    private boolean isEscaped(int c) {
        return c < 0x20
                || (c < 0x80 && ESCAPED.indexOf(c) >= 0)
                || (c >= 0x80 && format.ascii())
                || (c >= 'A' && c <= 'Z' && format.fold());
    }

    /**
     * The segment that a name stands for. A hashed name stands for itself here; who can read the key beside the object
     * knows better.
     */
    String decode(String name, boolean top) {
        String segment = canonical(name.endsWith(TWIN) ? name.substring(0, name.length() - TWIN.length()) : name, top);
        return segment != null ? segment : name;
    }

    /** Whether this name, without a twin's ending, is the canonical name of this segment. */
    boolean names(String name, String segment, boolean top) {
        String stem = name.endsWith(TWIN) ? name.substring(0, name.length() - TWIN.length()) : name;
        return encode(segment, top).equals(stem);
    }

    /**
     * The names under which a segment may be found, the one that wins first: canonical, canonical as a twin, and the
     * segment as it stands if the encoder would make that name for no other segment.
     */
    List<String> candidates(String segment, boolean top) {
        String canonical = encode(segment, top);
        String twin = canonical + TWIN;
        return standsForItself(segment, canonical, top) ? List.of(canonical, twin, segment) : List.of(canonical, twin);
    }

    private boolean standsForItself(String segment, String canonical, boolean top) {
        return !segment.equals(canonical)
                && !segment.isEmpty()
                && !segment.equals(".")
                && !segment.equals("..")
                && !(top && segment.equalsIgnoreCase(OURS))
                && Keys.utf8Length(segment) <= 255
                && decode(segment, top).equals(segment);
    }

    /** The segment of which this is the canonical name, or null. */
    private @Nullable String canonical(String name, boolean top) {
        if (name.isEmpty()) {
            return null;
        }
        if (name.equals("%")) {
            return "";
        }
        String segment = unescape(name);
        return segment != null
                        && !segment.isEmpty()
                        && wellFormed(segment)
                        && encode(segment, top).equals(name)
                ? segment
                : null;
    }

    private static boolean wellFormed(String segment) {
        try {
            return Keys.utf8Length(segment) > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String unescape(String name) {
        if (name.indexOf('%') < 0) {
            return name;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
        int i = 0;
        while (i < name.length()) {
            char c = name.charAt(i);
            if (c == '%') {
                boolean whole = i + 2 < name.length();
                int high = whole ? hex(name.charAt(i + 1)) : -1;
                int low = whole ? hex(name.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes.write((high << 4) | low);
                i += 3;
            } else {
                int next = i + Character.charCount(name.codePointAt(i));
                bytes.writeBytes(name.substring(i, next).getBytes(StandardCharsets.UTF_8));
                i = next;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int hex(char c) {
        return (c >= '0' && c <= '9') ? c - '0' : (c >= 'A' && c <= 'F') ? c - 'A' + 10 : -1;
    }

    /** SHA-256 of a text in UTF-8, in lower-case digits. */
    static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

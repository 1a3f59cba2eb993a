package dev.anystore.azure;

/**
 * Names of metadata, which Azure wants to be identifiers of C#: letters, digits and _, no digit first. What does not fit is
 * written as .NET itself writes it in XML, {@code _x002d_} for a hyphen, and an underscore that would be read so is written
 * {@code _x005f_}. Each name has one spelling, and each spelling one name.
 *
 * @see <a href="https://learn.microsoft.com/dotnet/api/system.xml.xmlconvert.encodelocalname">the convention</a>
 */
final class MetadataNames {
    private static final int ESCAPE = 7;

    private MetadataNames() {}

    /** The name as the service keeps it; the name is one of ours: a-z, 0-9, - and _. */
    static String encode(String name) {
        StringBuilder out = null;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean kept =
                    (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && i > 0) || (c == '_' && !mayBeEscape(name, i));
            if (kept && out != null) {
                out.append(c);
            } else if (!kept) {
                if (out == null) {
                    out = new StringBuilder(name.length() + 2 * ESCAPE).append(name, 0, i);
                }
                out.append("_x").append(hex(c)).append('_');
            }
        }
        return out == null ? name : out.toString();
    }

    /** The name as it was given; a foreign one stays as it is. */
    static String decode(String name) {
        int at = name.indexOf("_x");
        if (at < 0) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (isEscape(name, i)) {
                out.append((char) Integer.parseInt(name, i + 2, i + 6, 16));
                i += ESCAPE - 1;
            } else {
                out.append(name.charAt(i));
            }
        }
        // One that we would not have written so is somebody else's, who meant these very characters.
        String decoded = out.toString();
        return isOurs(decoded) && encode(decoded).equals(name) ? decoded : name;
    }

    private static boolean isOurs(String name) {
        return name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
    }

    /** Whether {@code _x0000_} begins here, with digits in lower case. */
    private static boolean isEscape(String name, int at) {
        return at + ESCAPE <= name.length() && mayBeEscape(name, at) && name.charAt(at + ESCAPE - 1) == '_';
    }

    /** The same up to the last character, which may come from the escape of what follows. */
    private static boolean mayBeEscape(String name, int at) {
        if (at + ESCAPE - 1 > name.length() || name.charAt(at) != '_' || name.charAt(at + 1) != 'x') {
            return false;
        }
        for (int i = at + 2; i < at + ESCAPE - 1; i++) {
            char c = name.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    private static String hex(char c) {
        return java.util.HexFormat.of().toHexDigits(c);
    }
}

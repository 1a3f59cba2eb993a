package dev.anystore.http;

/**
 * One header or trailer field.
 *
 * @param name a token as RFC 9110 section 5.6.2 has it
 * @param value visible Latin-1, spaces and tabs; anything else, CR, LF and NUL first of all, is refused
 */
public record HttpField(String name, String value) {
    public HttpField {
        checkName(name);
        checkValue(name, value);
    }

    static void checkName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a header without a name");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isToken(name.charAt(i))) {
                throw new IllegalArgumentException("a header's name contains a character that is refused, at " + i);
            }
        }
    }

    static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isValue(value.charAt(i))) {
                throw new IllegalArgumentException(
                        "the value of header %s contains a character that is refused, at %d".formatted(name, i));
            }
        }
    }

    static boolean isToken(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || (c < 0x7f && c > 0x20 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    static boolean isValue(int c) {
        return (c >= 0x20 && c != 0x7f && c <= 0xff) || c == '\t';
    }

    /** The name alone: a value may be a secret. */
    @Override
    public String toString() {
        return name + ": ***";
    }
}

package dev.anystore.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** Keys that somebody's store has lost, changed or mistaken for another, by the name of their row. */
final class OddKeys {
    private OddKeys() {}

    /** Legal keys: a store keeps each byte for byte, or says before any write that it can't. */
    static Map<String, String> legal() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("dot", ".");
        keys.put("dot dot", "..");
        keys.put("dot segment", "a/./b");
        keys.put("dot dot segment", "a/../b");
        keys.put("dot dot at the end", "a/..");
        keys.put("dot dot at the beginning", "../a");
        keys.put("leading slash", "/a");
        keys.put("only a slash", "/");
        keys.put("two leading slashes", "//a");
        keys.put("double slash", "a//b");
        keys.put("trailing slash", "folder/");
        keys.put("two trailing slashes", "folder//");
        keys.put("space", "a b");
        keys.put("leading space", " a");
        keys.put("trailing space", "a ");
        keys.put("only a space", " ");
        keys.put("trailing dot", "a.");
        keys.put("percent", "100%");
        keys.put("percent escape", "a%2Fb");
        keys.put("percent escape of nothing", "a%zz");
        keys.put("percent dots", "%2e%2E/x");
        keys.put("plus", "a+b");
        keys.put("query", "a?b=c&d=e");
        keys.put("fragment", "a#b");
        keys.put("ampersand and markup", "<a>&amp;\"'</a>");
        keys.put("backslash", "a\\b");
        keys.put("colon", "a:b");
        keys.put("stars and bars", "a*b|c");
        keys.put("brackets", "[a]{b}(c)");
        keys.put("equals and comma", "a=b,c;d@e!f$g");
        keys.put("tilde", "~a/~");
        keys.put("quote", "a\"b'c`d");
        keys.put("carriage return", "a\rb");
        keys.put("line feed", "a\nb");
        keys.put("tab", "a\tb");
        keys.put("control 01", "a\u0001b");
        keys.put("control 1F", "a\u001fb");
        keys.put("delete 7F", "a\u007fb");
        keys.put("next line 85", "a\u0085b");
        keys.put("line separator", "a\u2028b");
        keys.put("byte order mark", "\uFEFFa");
        keys.put("replacement character", "a\uFFFDb");
        keys.put("noncharacter FFFE", "a\uFFFEb");
        keys.put("composed", "caf\u00e9");
        keys.put("decomposed", "cafe\u0301");
        keys.put("right to left", "\u05d0\u05d1/\u0627\u0628");
        keys.put("right to left override", "a\u202eb");
        keys.put("emoji", "\uD83D\uDE00\uD83D\uDC69\u200D\uD83D\uDCBB");
        keys.put("last code point", "a\uDBFF\uDFFF");
        keys.put("device name", "con");
        keys.put("device name with ending", "aux.txt");
        keys.put("upper case", "README");
        keys.put("lower case", "readme");
        keys.put("long s and kelvin", "\u017f\u212a");
        keys.put("dotless i", "\u0131I\u0130i");
        keys.put("segment of 255 bytes", "s".repeat(255));
        keys.put("segment of 256 bytes", "s".repeat(256));
        keys.put("1024 bytes", "k".repeat(1024));
        keys.put(
                "1024 bytes in segments",
                "a segment of thirty-two bytes  /".repeat(32).substring(0, 1024));
        keys.put("1024 bytes of emoji", "\uD83D\uDE00".repeat(256));
        keys.put("100 segments", "d/".repeat(99) + "f");
        keys.put("names of our own", ".anystore/format");
        keys.put("names of our temporaries", ".anystore-0123456789abcdef.part");
        keys.put("option", "--help");
        keys.put("null as text", "null");
        return keys;
    }

    /** Keys that no store is asked for. */
    static Map<String, String> invalid() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("empty", "");
        keys.put("NUL", "a\0b");
        keys.put("lone high surrogate", "a\uD83Db");
        keys.put("lone low surrogate", "a\uDE00b");
        keys.put("surrogates in the wrong order", "\uDE00\uD83D");
        keys.put("high surrogate at the end", "a\uD83D");
        keys.put("1025 bytes", "k".repeat(1025));
        keys.put("1025 bytes in 513 characters", "\u00e9".repeat(512) + "k");
        return keys;
    }

    /** Pairs that look alike, and must not be one object. */
    static List<List<String>> twins() {
        return List.of(
                List.of("a/b", "a%2Fb", "a%2fb", "a\\b"),
                List.of("a b", "a+b", "a%20b"),
                List.of("caf\u00e9", "cafe\u0301"),
                List.of("README", "readme", "Readme"),
                List.of("a", "a/", "/a", "./a", "a/."),
                List.of("x", "x ", " x", "x."),
                List.of("a/b", "a//b", "a/./b"),
                List.of("\u212a", "k", "K"));
    }

    /** Random legal keys of all sorts of characters; the same for the same seed. */
    static List<String> random(int count, long seed, Predicate<String> wanted) {
        Random random = new Random(seed);
        String spice = "/\\.%+ ?#&=:*\"<>|~'\r\n\t-_aAzZ09";
        List<String> keys = new ArrayList<>();
        while (keys.size() < count) {
            int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 250 : 12);
            StringBuilder key = new StringBuilder();
            for (int i = 0; i < length; i++) {
                int c =
                        switch (random.nextInt(4)) {
                            case 0 -> 1 + random.nextInt(0x24F);
                            case 1 -> 1 + random.nextInt(Character.MAX_CODE_POINT);
                            default -> spice.charAt(random.nextInt(spice.length()));
                        };
                if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                    key.appendCodePoint(c);
                }
            }
            if (!key.isEmpty() && !keys.contains(key.toString()) && wanted.test(key.toString())) {
                keys.add(key.toString());
            }
        }
        return keys;
    }
}

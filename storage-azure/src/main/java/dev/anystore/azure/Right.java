package dev.anystore.azure;

/**
 * What a shared access signature may allow, by the letter that it is written with.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/create-service-sas#specify-permissions">its rights</a>
 */
enum Right {
    READ("r", "read"),
    WRITE("w", "write"),
    DELETE("d", "delete"),
    DELETE_VERSION("x", "delete version"),
    LIST("l", "list"),
    TAG("t", "tag");

    private final String letter;
    private final String words;

    Right(String letter, String words) {
        this.letter = letter;
        this.words = words;
    }

    /** Its letter. */
    String letter() {
        return letter;
    }

    /** As a person is told of it. */
    @Override
    public String toString() {
        return words + " (" + letter + ")";
    }
}

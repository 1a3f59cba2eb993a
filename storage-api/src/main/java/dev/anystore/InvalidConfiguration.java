package dev.anystore;

import java.util.List;

/** Settings are missing or wrong; all problems at once, none with a secret in it. */
public final class InvalidConfiguration extends StorageException {
    private static final long serialVersionUID = 1L;

    InvalidConfiguration(Builder details) {
        super(details);
    }

    /** Each problem in one sentence that names the setting and the fix. */
    public List<String> problems() {
        return configurationProblems();
    }
}

package io.github.mopospark.networks.saving;

/** Saved data that cannot be taken as they are. The message says which file and array, what it holds, and the rule. */
public final class SavedDataException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * An exception without a cause.
     *
     * @param message what was wrong, where, and the rule
     */
    public SavedDataException(String message) {
        super(message);
    }

    /**
     * An exception with a cause.
     *
     * @param message what was wrong, where, and the rule
     * @param cause what a library said
     */
    public SavedDataException(String message, Throwable cause) {
        super(message, cause);
    }
}

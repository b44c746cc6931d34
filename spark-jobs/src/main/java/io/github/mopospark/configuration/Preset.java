package io.github.mopospark.configuration;

/** Whose settings a run starts from: the key {@code preset}. */
public enum Preset {
    /** The paper's and its authors' code's. */
    PAPER,
    /** OfflineRL-Kit's. */
    OFFLINERL_KIT;

    /** The value of the key. */
    @Override
    public String toString() {
        return Words.of(this);
    }
}

package io.github.mopospark.conversion.preparation;

/** Why an episode ended. */
public enum EpisodeEnd {
    /** The MDP ended. */
    TERMINAL,
    /** The file's flag: cut by time. */
    TIMEOUT,
    /** {@code --boundary fixed:N}. */
    FIXED_LENGTH,
    /** {@code --boundary discontinuity}: the next row starts elsewhere. */
    DISCONTINUITY,
    /** The episode's group ended without a flag (Minari). */
    GROUP,
    /** The file ended without a flag. */
    END_OF_FILE;

    /** Whether {@code --boundary} ended it, and not the file. */
    boolean isByRule() {
        return this == FIXED_LENGTH || this == DISCONTINUITY;
    }
}

package io.github.mopospark.conversion.preparation;

import java.io.Serializable;
import java.util.Locale;

/**
 * What ends an episode besides a terminal row.
 *
 * @param rule the rule
 * @param length the length of {@link Rule#FIXED_LENGTH}, else 0
 */
public record Boundary(Rule rule, int length) implements Serializable {

    /** The rules. */
    public enum Rule {
        /** The file's {@code timeouts}. */
        FLAGS,
        /** The file's {@code timeouts} where it has them, and every row whose next observation is not the next row's. */
        DISCONTINUITY,
        /** Every so many steps. */
        FIXED_LENGTH,
        /**
         * The rows of D4RL's {@code qlearning_dataset}: the next row's observation always, also after a terminal; rows cut by
         * time and the file's last row are left out.
         */
        LEGACY_D4RL
    }

    private static final String FIXED = "fixed:";

    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if a fixed length is below 1, or another rule has a length
     */
    public Boundary {
        if (rule == Rule.FIXED_LENGTH ? length < 1 : length != 0) {
            throw new IllegalArgumentException("boundary " + rule + " cannot have the length " + length);
        }
    }

    /**
     * The boundary of a text.
     *
     * @param text {@code flags}, {@code discontinuity}, {@code fixed:N} or {@code legacy-d4rl}
     * @return the boundary
     * @throws IllegalArgumentException if it is another text
     */
    public static Boundary parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith(FIXED) && lower.substring(FIXED.length()).matches("[1-9]\\d{0,8}")) {
            return new Boundary(Rule.FIXED_LENGTH, Integer.parseInt(lower.substring(FIXED.length())));
        }
        return switch (lower) {
            case "flags" -> new Boundary(Rule.FLAGS, 0);
            case "discontinuity" -> new Boundary(Rule.DISCONTINUITY, 0);
            case "legacy-d4rl" -> new Boundary(Rule.LEGACY_D4RL, 0);
            default ->
                throw new IllegalArgumentException(
                        "boundary must be flags, discontinuity, fixed:N (an episode's length) or legacy-d4rl, but was "
                                + text);
        };
    }

    /** The text that {@link #parse} takes. */
    @Override
    public String toString() {
        return rule == Rule.FIXED_LENGTH
                ? FIXED + length
                : rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

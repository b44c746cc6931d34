package io.github.mopospark.conversion.preparation;

import java.io.Serializable;

/**
 * What was found in rows while they were prepared.
 *
 * @param nonfinite rows with a NaN or infinite number
 * @param actionsOutside rows with an action beyond [-1, 1] by more than 1e-4
 * @param unflagged rows that end an episode without a flag: their next observation is not the next row's
 * @param withoutNextAtTerminal rows whose next observation is not recorded because they are terminal
 * @param withoutNextAtTimeout ... because the episode was cut there
 * @param withoutNextAtEndOfFile ... because there is no next row
 * @param leftOutByLegacy rows that D4RL's {@code qlearning_dataset} leaves out
 */
public record Findings(
        Tally nonfinite,
        Tally actionsOutside,
        Tally unflagged,
        long withoutNextAtTerminal,
        long withoutNextAtTimeout,
        long withoutNextAtEndOfFile,
        long leftOutByLegacy)
        implements Serializable {
    /** Nothing found. */
    public static final Findings NONE = new Findings(Tally.NONE, Tally.NONE, Tally.NONE, 0, 0, 0, 0);

    /**
     * The sum with what was found in later rows.
     *
     * @param later of rows behind these
     * @return the sum
     */
    public Findings plus(Findings later) {
        return new Findings(
                nonfinite.plus(later.nonfinite),
                actionsOutside.plus(later.actionsOutside),
                unflagged.plus(later.unflagged),
                withoutNextAtTerminal + later.withoutNextAtTerminal,
                withoutNextAtTimeout + later.withoutNextAtTimeout,
                withoutNextAtEndOfFile + later.withoutNextAtEndOfFile,
                leftOutByLegacy + later.leftOutByLegacy);
    }

    /**
     * Rows that train no dynamics.
     *
     * @return the number of rows whose next observation is not recorded
     */
    public long withoutNext() {
        return withoutNextAtTerminal + withoutNextAtTimeout + withoutNextAtEndOfFile;
    }
}

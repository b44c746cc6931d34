package io.github.mopospark.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How far a sweep is: what is done, running and failed.
 *
 * @param formatVersion of the file
 * @param trials in the sweep's order
 */
public record SweepJournal(int formatVersion, List<Entry> trials) {
    /** The version that this program writes and reads. */
    public static final int VERSION = 1;

    /** What has become of a trial. */
    public enum Status {
        /** Nothing yet. */
        WAITING,
        /** It is under way, or was when the sweep was broken off. */
        RUNNING,
        /** It has done all its epochs. */
        DONE,
        /** It was left behind by successive halving, and does no more epochs. */
        STOPPED,
        /** It has failed as often as it is tried. */
        FAILED;

        /**
         * Its name for people and tables.
         *
         * @return lower case
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A trial.
     *
     * @param name the trial's
     * @param status what has become of it
     * @param attempts how often it was begun in this start of the sweep
     * @param reason why the last attempt failed; empty if none did
     */
    public record Entry(String name, Status status, int attempts, String reason) {
        /** Checks that nothing is missing. */
        public Entry {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Checks that nothing is missing. */
    public SweepJournal {
        trials = List.copyOf(trials);
    }

    /**
     * The journal of a sweep that nobody has begun.
     *
     * @param names its trials'
     * @return all of them waiting
     */
    public static SweepJournal of(List<String> names) {
        return new SweepJournal(
                VERSION,
                names.stream()
                        .map(name -> new Entry(name, Status.WAITING, 0, ""))
                        .toList());
    }

    /**
     * Changes a trial.
     *
     * @param changed its new entry
     * @return the journal with it
     */
    public SweepJournal with(Entry changed) {
        List<Entry> entries = new ArrayList<>(trials);
        entries.replaceAll(entry -> entry.name().equals(changed.name()) ? changed : entry);
        return new SweepJournal(formatVersion, entries);
    }

    /**
     * A trial.
     *
     * @param name the trial's
     * @return its entry
     * @throws IllegalArgumentException if there is none of that name
     */
    public Entry of(String name) {
        return trials.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the sweep has no trial " + name));
    }

    /**
     * Those with a status.
     *
     * @param status the status
     * @return in the sweep's order
     */
    public List<Entry> having(Status status) {
        return trials.stream().filter(entry -> entry.status() == status).toList();
    }
}

package io.github.mopospark.policy.buffers;

import io.github.mopospark.networks.saving.SavedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * The transitions of the model's last rounds of rollouts, outside the heap. A round is opened, written by its shards, and closed;
 * only rows of closed rounds are drawn. All memory is taken at once and reused.
 *
 * <p>Closing is a call of the learner's, not of the last shard's, so that it is the same update after which new rows are drawn,
 * however fast they came. A round that is opened takes the place of the oldest one. Without overlap that is one of the closed
 * ones, so that a learner waits until the new round is closed. With overlap there is memory for one round more: all closed ones
 * stay while the next is written, and the oldest goes when that is closed.
 */
public final class ModelBuffer {
    /** How many rounds MOPO's authors keep. */
    public static final int DEFAULT_ROUNDS = 5;

    private final TransitionLayout layout;
    private final RoundShape shape;
    private final int rounds;
    private final Deque<RowStorage> free = new ArrayDeque<>();
    /** The oldest first. */
    private final Deque<Round> closed = new ArrayDeque<>();

    private Round open;
    private volatile ClosedRows drawn = new ClosedRows(List.of());

    /**
     * An empty buffer.
     *
     * @param layout how rows lie
     * @param shape the room of a round
     * @param rounds how many closed rounds are drawn from, at least 1
     * @param overlap whether a learner draws while the next round is written, which takes memory for one round more
     * @throws IllegalArgumentException if {@code rounds} is less than 1 or there is not enough memory
     */
    public ModelBuffer(TransitionLayout layout, RoundShape shape, int rounds, boolean overlap) {
        if (rounds < 1) {
            throw new IllegalArgumentException("kept rollout rounds must be at least 1, but were %d".formatted(rounds));
        }
        this.layout = Objects.requireNonNull(layout, "layout");
        this.shape = Objects.requireNonNull(shape, "shape");
        this.rounds = rounds;
        for (int i = 0; i < (overlap ? rounds + 1 : rounds); i++) {
            free.add(new RowStorage(shape.rows(), layout.size()));
        }
    }

    /**
     * How rows lie.
     *
     * @return the layout
     */
    public TransitionLayout layout() {
        return layout;
    }

    /**
     * The room of a round.
     *
     * @return its starts, steps and shards
     */
    public RoundShape shape() {
        return shape;
    }

    /**
     * Opens a round, to be written by its shards. If no memory is free the oldest closed round is given up.
     *
     * @param number what the round is called, more than those before
     * @return the round
     * @throws IllegalArgumentException if the number is not more than those before
     * @throws IllegalStateException if another round is open
     */
    public synchronized Round openRound(long number) {
        requireNext(number);
        open = new Round(number, layout, shape, takeStorage());
        return open;
    }

    private void requireNext(long number) {
        if (open != null) {
            throw new IllegalStateException(
                    "round %d cannot be opened: round %d is still open".formatted(number, open.number()));
        }
        if (!closed.isEmpty() && number <= closed.getLast().number()) {
            throw new IllegalArgumentException("round %d cannot follow round %d: numbers must grow"
                    .formatted(number, closed.getLast().number()));
        }
    }

    private RowStorage takeStorage() {
        if (free.isEmpty()) {
            giveUpOldest();
            drawn = new ClosedRows(closed);
        }
        return free.remove();
    }

    private void giveUpOldest() {
        free.add(closed.removeFirst().storage());
    }

    /**
     * Closes the open round, so that its rows are drawn from now on. If more rounds are closed than are kept, the oldest is
     * given up.
     *
     * @throws IllegalStateException if no round is open, or a shard of it is missing
     */
    public synchronized void closeRound() {
        if (open == null) {
            throw new IllegalStateException("no round is open that could be closed");
        }
        open.requireComplete();
        keep(open);
        open = null;
    }

    /**
     * Gives up the open round, as when a shard of it failed; its number can then be opened again. Closed rounds stay. That is all
     * of them with overlap; without it the oldest, whose place the round took, went when this one was opened. A shard that is
     * being written is waited for; one that comes later is refused.
     *
     * @throws IllegalStateException if no round is open
     */
    public synchronized void abandonRound() {
        if (open == null) {
            throw new IllegalStateException("no round is open that could be given up");
        }
        open.abandon();
        free.add(open.storage());
        open = null;
    }

    private void keep(Round round) {
        closed.add(round);
        if (closed.size() > rounds) {
            giveUpOldest();
        }
        drawn = new ClosedRows(closed);
    }

    /**
     * The rounds that are drawn from.
     *
     * @return their numbers, the oldest first
     */
    public synchronized long[] closedRounds() {
        return closed.stream().mapToLong(Round::number).toArray();
    }

    /**
     * How many transitions there are to draw from.
     *
     * @return the rows of the closed rounds
     */
    public long rows() {
        return drawn.rows();
    }

    /**
     * Writes a closed round as an {@code .npy} array of {@code [rows, layout.size()]}: its rows in the order of the shards,
     * without the room that finished rollouts left.
     *
     * @param round its number
     * @param out takes it; not closed
     * @throws IllegalArgumentException if no closed round has this number
     * @throws IOException if it cannot be written
     */
    public synchronized void save(long round, OutputStream out) throws IOException {
        closed.stream()
                .filter(candidate -> candidate.number() == round)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("round %d cannot be saved: the closed rounds are %s"
                        .formatted(round, Arrays.toString(closedRounds()))))
                .save(out);
    }

    /**
     * Reads a round that was saved and closes it. A buffer into which all rounds are read in their order is drawn from as the one
     * that saved them, row for row.
     *
     * @param round its number, more than those before
     * @param in holds it; read to its end and not closed
     * @param file what messages call it
     * @throws SavedDataException if it is no round, or one that does not fit in this buffer; the buffer is then as before, but
     *     for the round whose place it should have taken
     * @throws IOException if it cannot be read
     */
    public synchronized void restore(long round, InputStream in, String file) throws IOException {
        requireNext(round);
        RowStorage storage = takeStorage();
        // In one piece, whatever shards it had: the rows are numbered alike.
        Round restored = new Round(round, layout, new RoundShape(shape.starts(), shape.horizon(), 1), storage);
        boolean isWhole = false;
        try {
            restored.restore(in, file);
            isWhole = true;
        } finally {
            if (!isWhole) {
                free.add(storage);
            }
        }
        keep(restored);
    }

    /** The rows that can be drawn now, until a round is opened or closed. */
    ClosedRows drawn() {
        return drawn;
    }
}

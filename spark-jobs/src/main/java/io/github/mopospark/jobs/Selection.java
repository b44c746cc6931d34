package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.preparation.Boundary;
import io.github.mopospark.conversion.preparation.Episodes;
import io.github.mopospark.conversion.preparation.RowSelection;
import io.github.mopospark.conversion.preparation.SliceReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Chooses episodes and rows for a dataset: the first so many episodes, of these the best, of their rows a sample. */
final class Selection {
    private final ConvertOptions options;

    Selection(ConvertOptions options) {
        this.options = options;
    }

    /** Whether the choice depends on rewards, or on which rows are dropped, so that rows must be read before. */
    boolean needsSummaries() {
        return options.topFraction() != null
                || (options.sample() != null && (options.preparation().dropNonfinite() || isLegacy()));
    }

    private boolean isLegacy() {
        return options.preparation().boundary().rule() == Boundary.Rule.LEGACY_D4RL;
    }

    /** Whether every row is kept. */
    boolean isEverything() {
        return options.maxEpisodes() == null && options.topFraction() == null && options.sample() == null;
    }

    /**
     * Chooses.
     *
     * @param slices of the dataset, in order
     * @param summaries of each slice's blocks, over the rows of {@link #firstEpisodes}; empty unless {@link #needsSummaries}
     * @param name what messages call the dataset
     * @return the slices with the rows they keep, those that keep none left out
     * @throws DatasetException if no rows are left, or fewer than the sample wants
     */
    List<Slice> choose(List<Slice> slices, List<SliceResult> summaries, String name) {
        Set<Long> best = options.topFraction() == null ? null : best(summaries);
        List<BitSet> kept = new ArrayList<>();
        List<BitSet> dropped = new ArrayList<>();
        long candidates = 0;
        for (int i = 0; i < slices.size(); i++) {
            BitSet rows = candidates(slices.get(i), best);
            BitSet out = summaries.isEmpty() ? new BitSet() : dropped(summaries.get(i));
            out.and(rows);
            rows.andNot(out);
            kept.add(rows);
            dropped.add(out);
            candidates += rows.cardinality();
        }
        if (options.sample() != null) {
            sample(kept, candidates, name);
        }
        List<Slice> chosen = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) {
            // The reader drops these again, and counts them.
            kept.get(i).or(dropped.get(i));
            if (!kept.get(i).isEmpty()) {
                chosen.add(slices.get(i).keeping(new RowSelection(slices.get(i).from(), kept.get(i))));
            }
        }
        if (chosen.isEmpty()) {
            throw new DatasetException(name + ": no rows are left");
        }
        return chosen;
    }

    /** A slice with the rows of the first episodes only. */
    Slice firstEpisodes(Slice slice) {
        return slice.keeping(new RowSelection(slice.from(), candidates(slice, null)));
    }

    /** The share of episodes with the highest returns, at least one; of equal ones the earlier. */
    private Set<Long> best(List<SliceResult> summaries) {
        Map<Long, Double> returns = DatasetSummary.of(summaries).episodeReturns();
        // In decimals, as the user wrote it: 0.07 * 100 is above 7 in doubles.
        long count = BigDecimal.valueOf(options.topFraction())
                .multiply(BigDecimal.valueOf(returns.size()))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
        Set<Long> best = new HashSet<>();
        returns.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<Long, Double> entry) -> -entry.getValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(count)
                .forEach(entry -> best.add(entry.getKey()));
        return best;
    }

    private boolean isAmongFirst(long episode) {
        return options.maxEpisodes() == null || episode < options.maxEpisodes();
    }

    private BitSet candidates(Slice slice, Set<Long> best) {
        BitSet rows = new BitSet();
        Episodes episodes = slice.episodes();
        for (int i = 0; i < episodes.count(); i++) {
            long number = episodes.firstEpisode() + i;
            if (isAmongFirst(number) && (best == null || best.contains(number))) {
                long first = Math.max(slice.from(), episodes.start(i));
                long end = Math.min(slice.to(), episodes.ends()[i]);
                rows.set(Math.toIntExact(first - slice.from()), Math.toIntExact(end - slice.from()));
            }
        }
        return rows;
    }

    private static BitSet dropped(SliceResult summary) {
        BitSet rows = new BitSet();
        for (int block = 0; block < summary.blocks().size(); block++) {
            int first = block * SliceReader.BLOCK_ROWS;
            summary.blocks().get(block).dropped().stream().forEach(row -> rows.set(first + row));
        }
        return rows;
    }

    /** Draws without replacement, in the order of the rows (Knuth's algorithm S): the draw depends on nothing but the seed. */
    private void sample(List<BitSet> kept, long candidates, String name) {
        long wanted = options.sample();
        if (wanted > candidates) {
            throw new DatasetException(
                    "%s: --sample asks for %,d rows, but there are only %,d".formatted(name, wanted, candidates));
        }
        SplittableRandom random = new SplittableRandom(options.seed());
        long left = candidates;
        for (BitSet rows : kept) {
            for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                if (random.nextLong(left) < wanted) {
                    wanted--;
                } else {
                    rows.clear(row);
                }
                left--;
            }
        }
    }
}

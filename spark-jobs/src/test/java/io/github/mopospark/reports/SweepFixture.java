package io.github.mopospark.reports;

import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.RunMetrics;
import io.github.mopospark.runs.SweepJournal.Entry;
import io.github.mopospark.runs.SweepJournal.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Sweeps that nobody has run. */
final class SweepFixture {
    static final String COMMAND =
            "mopo sweep --config conf/sweep/paper.conf --output 'sweeps/a b' --set learner.epochs=100";

    private SweepFixture() {}

    static SweepSummary of(List<SweepSummary.Trial> trials) {
        return new SweepSummary("hdfs://name/sweeps/one", trials, COMMAND);
    }

    /** A trial in the making; by default done, on hopper-medium-replay, with h = 1, lambda = 1 and 100 epochs. */
    static final class TrialBuilder {
        private final String name;
        private String task = "hopper";
        private String dataset = "hopper-medium-replay";
        private int length = 1;
        private double penaltyCoefficient = 1;
        private long seed;
        private Map<String, String> others = Map.of();
        private int epochs = 100;
        private Status status = Status.DONE;
        private int attempts = 1;
        private String reason = "";
        private Metric measure = Metric.SCORE_MEAN;
        private final Map<Integer, Map<Metric, Double>> metrics = new TreeMap<>();

        TrialBuilder(String name) {
            this.name = name;
        }

        TrialBuilder on(String newTask, String newDataset) {
            task = newTask;
            dataset = newDataset;
            return this;
        }

        TrialBuilder cell(int newLength, double newPenaltyCoefficient, long newSeed) {
            length = newLength;
            penaltyCoefficient = newPenaltyCoefficient;
            seed = newSeed;
            return this;
        }

        TrialBuilder others(Map<String, String> newOthers) {
            others = newOthers;
            return this;
        }

        TrialBuilder status(Status newStatus) {
            status = newStatus;
            return this;
        }

        TrialBuilder attempts(int newAttempts, String newReason) {
            attempts = newAttempts;
            reason = newReason;
            return this;
        }

        TrialBuilder measuring(Metric newMeasure) {
            measure = newMeasure;
            return this;
        }

        /** An evaluation in each tenth epoch. */
        TrialBuilder scores(double... scores) {
            for (int i = 0; i < scores.length; i++) {
                set(10 * (i + 1), measure, scores[i]);
            }
            return this;
        }

        TrialBuilder set(int epoch, Metric metric, double value) {
            metrics.computeIfAbsent(epoch, ignored -> new EnumMap<>(Metric.class))
                    .put(metric, value);
            return this;
        }

        TrialBuilder offline(int epoch, double value, double modelReturn, double penalty) {
            set(epoch, Metric.FITTED_Q_VALUE, value);
            set(epoch, Metric.PENALISED_MODEL_RETURN, modelReturn);
            return set(epoch, Metric.MODEL_PENALTY, penalty);
        }

        SweepSummary.Trial build() {
            List<EpochMetrics> rows = new ArrayList<>();
            metrics.forEach((epoch, values) -> rows.add(new EpochMetrics(epoch, values)));
            return new SweepSummary.Trial(
                    new Entry(name, status, attempts, reason),
                    task,
                    dataset,
                    length,
                    penaltyCoefficient,
                    seed,
                    others,
                    epochs,
                    new RunMetrics(rows, List.of()),
                    "trials/" + name + "/report.html");
        }
    }

    static TrialBuilder trial(String name) {
        return new TrialBuilder(name);
    }

    /**
     * Something like a real sweep: h and lambda of 1 and 5, some seeds, and one trial of the first dataset running, one failed, one
     * waiting.
     */
    static SweepSummary realistic(List<String> datasets, int seeds, int epochs) {
        List<SweepSummary.Trial> trials = new ArrayList<>();
        Random random = new Random(0);
        for (String dataset : datasets) {
            for (int length : new int[] {1, 5}) {
                for (double penaltyCoefficient : new double[] {1, 5}) {
                    for (int seed = 0; seed < seeds; seed++) {
                        TrialBuilder trial = trial("%s-length%d-penalty-coefficient%.0f-seed%d"
                                        .formatted(dataset, length, penaltyCoefficient, seed))
                                .on(dataset.substring(0, dataset.indexOf('-')), dataset)
                                .cell(length, penaltyCoefficient, seed);
                        trial.epochs = epochs;
                        int reached = trials.isEmpty() ? 0 : epochs;
                        switch (trials.size()) {
                            case 0 -> trial.status(Status.WAITING).attempts(0, "");
                            case 4 ->
                                trial.status(Status.FAILED)
                                        .attempts(2, "member 3 diverged: the holdout error of epoch 12 is not finite");
                            case 7 -> trial.status(Status.RUNNING);
                            case 9 -> trial.attempts(2, "executor lost: connection reset by peer");
                            default -> trial.status(Status.DONE);
                        }
                        int did =
                                trials.size() == 4 ? reached * 3 / 10 : trials.size() == 7 ? reached * 7 / 10 : reached;
                        learn(trial, random, did, 12 * length + 3 * penaltyCoefficient);
                        trials.add(trial.build());
                    }
                }
            }
        }
        return of(trials);
    }

    private static void learn(TrialBuilder trial, Random random, int reached, double level) {
        double wanted = level + 8 * random.nextGaussian();
        double score = 3;
        for (int epoch = 10; epoch <= reached; epoch += 10) {
            score += 0.08 * (wanted - score) + 2 * random.nextGaussian();
            trial.set(epoch, Metric.SCORE_MEAN, score).set(epoch, Metric.SCORE_STD, 2);
        }
        if (trial.status == Status.DONE) {
            trial.offline(
                    reached,
                    4 * score + 12 * random.nextGaussian(),
                    3 * score - 10 * trial.penaltyCoefficient,
                    0.3 + 0.01 * trial.length + 0.02 * random.nextDouble());
        }
    }
}

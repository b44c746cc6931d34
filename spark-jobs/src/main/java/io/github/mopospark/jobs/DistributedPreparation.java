package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.ensemble.TargetUnits;
import io.github.mopospark.ensemble.training.DynamicsRows;
import io.github.mopospark.ensemble.training.Preparation;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What all members share, as {@link Preparation} has it, of a dataset whose rows never are in one JVM: tasks read it part by part
 * three times, and the driver gets sums and the held-out rows. Sums are put together in the order of the parts, so that the
 * result does not depend on who reads what.
 *
 * @param scaling which rows are learned, and what they are standardised by
 * @param learned how many rows are learned
 * @param holdout the held-out rows, in the dataset's order
 */
record DistributedPreparation(SharedScaling scaling, long learned, Transitions holdout) {
    /** What a task tells of its part in the second reading. */
    private record Sums(double[] inputs, double[] targets, Transitions held) implements Serializable {}

    /** What it tells in the third. */
    private record Squares(double[] inputs, double[] targets) implements Serializable {}

    /** Reads the dataset. */
    static DistributedPreparation of(
            JavaSparkContext context, Broadcast<RunPlan> plan, Manifest manifest, EnsembleConfig config, long seed) {
        List<DatasetPart> parts = DatasetPart.of(plan, manifest);
        int[] counts = context.parallelize(parts, parts.size()).map(DistributedPreparation::count).collect().stream()
                .mapToInt(Outcome::orThrow)
                .toArray();
        int[] firstNumber = new int[counts.length];
        if (manifest.rows() > Integer.MAX_VALUE) {
            throw new DatasetException("%,d rows are more than dl4j-spark numbers, %,d; train on a sample of them"
                    .formatted(manifest.rows(), Integer.MAX_VALUE));
        }
        int usable = 0;
        for (int part = 0; part < counts.length; part++) {
            firstNumber[part] = usable;
            usable += counts[part];
        }
        int[] heldOut =
                Preparation.holdout(seed).choice(usable, Preparation.holdoutSize(manifest.rows(), usable, config));
        Arrays.sort(heldOut);
        long learned = (long) usable - heldOut.length;

        SharedScaling rows = SharedScaling.ofRows(seed, firstNumber, heldOut);
        List<Sums> sums = context.parallelize(parts, parts.size())
                .map(part -> sums(part, rows))
                .collect();
        double[] inputSums = new double[manifest.observationSize() + manifest.actionSize()];
        double[] targetSums = new double[new OutputLayout(manifest.observationSize()).size()];
        List<Transitions> held = new ArrayList<>();
        for (Sums part : sums) {
            add(part.inputs(), inputSums);
            add(part.targets(), targetSums);
            held.add(part.held());
        }
        double[] inputMean = divided(inputSums, learned);
        double[] targetMean = divided(targetSums, learned);
        double[] inputSquares = new double[inputSums.length];
        double[] targetSquares = new double[targetSums.length];
        for (Squares part : context.parallelize(parts, parts.size())
                .map(each -> squares(each, rows, inputMean, targetMean))
                .collect()) {
            add(part.inputs(), inputSquares);
            add(part.targets(), targetSquares);
        }
        Scaler inputs = Scaler.ofSums(inputSums, inputSquares, learned);
        Scaler targets = config.targetUnits() == TargetUnits.RAW
                ? Scaler.identity(targetSums.length)
                : Scaler.ofSums(targetSums, targetSquares, learned);
        return new DistributedPreparation(rows.with(inputs, targets), learned, joined(held));
    }

    private static Outcome<Integer> count(DatasetPart part) throws Exception {
        return Outcome.of(() -> {
            Transitions rows = part.read();
            int count = 0;
            for (int row = 0; row < rows.rows(); row++) {
                if (rows.hasNextObservation()[row]) {
                    DynamicsRows.requireFinite(rows, row, part.from() + row);
                    count++;
                }
            }
            return count;
        });
    }

    private static Sums sums(DatasetPart part, SharedScaling scaling) throws Exception {
        Transitions rows = part.read();
        float[] input = new float[rows.observationSize() + rows.actionSize()];
        float[] target = new float[new OutputLayout(rows.observationSize()).size()];
        double[] inputs = new double[input.length];
        double[] targets = new double[target.length];
        List<Integer> held = new ArrayList<>();
        scaling.forEach(
                part.part(),
                rows,
                row -> {
                    DynamicsRows.readInput(rows, row, input, 0);
                    add(input, inputs);
                    DynamicsRows.readTarget(rows, row, target, 0);
                    add(target, targets);
                },
                held::add);
        return new Sums(
                inputs,
                targets,
                DynamicsRows.select(
                        rows, held.stream().mapToInt(Integer::intValue).toArray()));
    }

    private static Squares squares(DatasetPart part, SharedScaling scaling, double[] inputMean, double[] targetMean)
            throws Exception {
        Transitions rows = part.read();
        float[] input = new float[inputMean.length];
        float[] target = new float[targetMean.length];
        double[] inputs = new double[input.length];
        double[] targets = new double[target.length];
        scaling.forEach(
                part.part(),
                rows,
                row -> {
                    DynamicsRows.readInput(rows, row, input, 0);
                    addSquares(input, inputMean, inputs);
                    DynamicsRows.readTarget(rows, row, target, 0);
                    addSquares(target, targetMean, targets);
                },
                row -> {});
        return new Squares(inputs, targets);
    }

    private static void add(float[] row, double[] sums) {
        for (int j = 0; j < row.length; j++) {
            sums[j] += row[j];
        }
    }

    private static void add(double[] part, double[] sums) {
        for (int j = 0; j < part.length; j++) {
            sums[j] += part[j];
        }
    }

    private static void addSquares(float[] row, double[] mean, double[] sums) {
        for (int j = 0; j < row.length; j++) {
            double difference = row[j] - mean[j];
            sums[j] += difference * difference;
        }
    }

    private static double[] divided(double[] sums, long count) {
        return Arrays.stream(sums).map(sum -> sum / count).toArray();
    }

    private static Transitions joined(List<Transitions> parts) {
        long count = parts.stream().mapToLong(Transitions::rows).sum();
        Transitions joined = Transitions.allocate(
                count, parts.get(0).observationSize(), parts.get(0).actionSize());
        int place = 0;
        for (Transitions part : parts) {
            for (int row = 0; row < part.rows(); row++) {
                DynamicsRows.copy(part, row, joined, place++);
            }
        }
        return joined;
    }
}

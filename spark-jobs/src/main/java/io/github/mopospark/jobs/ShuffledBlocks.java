package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.training.DynamicsRows;
import io.github.mopospark.networks.random.RandomStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.Tuple2;
import scala.runtime.AbstractFunction1;

/**
 * The rows that members learn, standardised and shuffled into blocks by Spark, a partition each. Parts of a dataset hold rows as
 * they were recorded, which resemble their neighbours; a block has rows from all over. Spark keeps what it has shuffled on
 * the executors' disks, so that the dataset is read once. Neither the driver nor any executor ever has all rows.
 */
final class ShuffledBlocks {
    private final JavaRDD<TrainingBlock> blocks;

    private ShuffledBlocks(JavaRDD<TrainingBlock> blocks) {
        this.blocks = blocks;
    }

    /** Rows of a part that go to a block. */
    private record Piece(int part, TrainingBlock rows) implements Serializable {}

    /** Block n is partition n. */
    private static final class ByBlock extends Partitioner {
        private static final long serialVersionUID = 1;
        private final int blocks;

        ByBlock(int blocks) {
            this.blocks = blocks;
        }

        @Override
        public int numPartitions() {
            return blocks;
        }

        @Override
        public int getPartition(Object block) {
            return (Integer) block;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ByBlock same && same.blocks == blocks;
        }

        @Override
        public int hashCode() {
            return blocks;
        }
    }

    /**
     * Blocks of a dataset; nothing is read yet.
     *
     * @param context Spark's
     * @param parts of the dataset
     * @param scaling which rows are learned, and what they are standardised by
     * @param blocks how many
     */
    static ShuffledBlocks of(
            JavaSparkContext context, List<DatasetPart> parts, Broadcast<SharedScaling> scaling, int blocks) {
        return new ShuffledBlocks(context.parallelize(parts, parts.size())
                .flatMapToPair(part -> pieces(part, scaling.value(), blocks).stream()
                        .map(piece -> new Tuple2<>(piece.rows().block(), piece))
                        .iterator())
                .groupByKey(new ByBlock(blocks))
                .map(group -> joined(group._1(), group._2())));
    }

    /** Each row's block is drawn by its place in the part. */
    private static List<Piece> pieces(DatasetPart part, SharedScaling scaling, int blocks) throws Exception {
        Transitions rows = part.read();
        RandomStream random = RandomStream.of(scaling.seed(), "blocks", part.part());
        List<List<Integer>> chosen = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            chosen.add(new ArrayList<>());
        }
        scaling.forEach(
                part.part(), rows, row -> chosen.get(random.nextInt(blocks)).add(row), row -> {});
        int inputSize = scaling.inputMean().length;
        int outputs = scaling.targetMean().length;
        List<Piece> pieces = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            List<Integer> numbers = chosen.get(block);
            if (numbers.isEmpty()) {
                continue;
            }
            float[] inputs = new float[numbers.size() * inputSize];
            float[] targets = new float[numbers.size() * outputs];
            for (int i = 0; i < numbers.size(); i++) {
                DynamicsRows.readInput(rows, numbers.get(i), inputs, i * inputSize);
                DynamicsRows.readTarget(rows, numbers.get(i), targets, i * outputs);
            }
            scaling.inputs().standardise(inputs, numbers.size());
            scaling.targets().standardise(targets, numbers.size());
            pieces.add(new Piece(part.part(), new TrainingBlock(block, numbers.size(), inputs, targets)));
        }
        return pieces;
    }

    /** In the order of the parts: pieces come as they were fetched. */
    private static TrainingBlock joined(int block, Iterable<Piece> pieces) {
        List<Piece> ordered = new ArrayList<>();
        pieces.forEach(ordered::add);
        ordered.sort(Comparator.comparingInt(Piece::part));
        int rows = ordered.stream().mapToInt(piece -> piece.rows().rows()).sum();
        float[] inputs = new float
                [ordered.stream()
                        .mapToInt(piece -> piece.rows().inputs().length)
                        .sum()];
        float[] targets = new float
                [ordered.stream()
                        .mapToInt(piece -> piece.rows().targets().length)
                        .sum()];
        int input = 0;
        int target = 0;
        for (Piece piece : ordered) {
            TrainingBlock part = piece.rows();
            System.arraycopy(part.inputs(), 0, inputs, input, part.inputs().length);
            System.arraycopy(part.targets(), 0, targets, target, part.targets().length);
            input += part.inputs().length;
            target += part.targets().length;
        }
        return new TrainingBlock(block, rows, inputs, targets);
    }

    /** Some blocks, a partition each, without a look at the others. */
    JavaRDD<TrainingBlock> only(List<Integer> numbers) {
        return PartitionPruningRDD.create(blocks.rdd(), new IsAmong(List.copyOf(numbers)))
                .toJavaRDD();
    }

    private static final class IsAmong extends AbstractFunction1<Object, Object> implements Serializable {
        private static final long serialVersionUID = 1;
        private final ArrayList<Integer> numbers;

        IsAmong(List<Integer> numbers) {
            this.numbers = new ArrayList<>(numbers);
        }

        @Override
        public Object apply(Object number) {
            return numbers.contains(number);
        }
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.rollouts.ModelRollouts;
import io.github.mopospark.ensemble.rollouts.RolloutStatistics;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.policy.buffers.ModelBuffer;
import io.github.mopospark.policy.buffers.Round;
import io.github.mopospark.policy.buffers.RoundShape;
import io.github.mopospark.policy.buffers.TransitionLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutJobTest {
    /** Of the first shard 602, more than a chunk. */
    private static final int STARTS = 1_203;

    private static final int ROUND = 7;

    private JavaSparkContext context;
    private Path data;
    private Ensemble ensemble;
    private float[] starts;

    @BeforeAll
    void trainAnEnsemble(@TempDir Path folder) throws IOException {
        context = TinyRun.spark("local[2]");
        data = folder.resolve("data");
        Asked.convert(data, TinyRun.SAMPLE).merge().run(context);
        Path run = folder.resolve("run");
        ensemble = TinyRun.job(context, TinyRun.config(data), run).trainEnsemble();
        TrainingDataset dataset = TrainingDataset.of(
                context, TinyRun.config(data), TinyRun.folder(run), new PrintWriter(new StringWriter()), false);
        DatasetBuffer buffer = DatasetBuffer.of(dataset.folder().read());
        starts = new float[STARTS * 11];
        for (int start = 0; start < STARTS; start++) {
            buffer.readStart(start, starts, start * 11);
        }
    }

    @AfterAll
    void stop() {
        context.close();
    }

    private static byte[] saved(ModelBuffer buffer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        buffer.closeRound();
        buffer.save(ROUND, out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy", "uniform"})
    void givesTheRowsOfOneThreadThatTakesTheLastShardFirst(String actions) throws IOException {
        RunConfig config = TinyRun.config(
                data, "rollout.starts", "" + STARTS, "rollout.shards", "2", "rollout.actions", actions, "seed", "3");
        RoundShape shape = config.rollout().roundShape();
        TransitionLayout layout = new TransitionLayout(11, 3);
        SavedPolicy policy = Policies.random("hopper");

        ModelBuffer made = new ModelBuffer(layout, shape, 1, false);
        RolloutJob.Made told;
        var plan = context.broadcast(new RunPlan(
                "rollouts " + actions,
                config.render(),
                data.toString(),
                new SerializableConfiguration(context.hadoopConfiguration()),
                ""));
        try (RolloutJob job = new RolloutJob(context, config.rollout(), plan, ensemble)) {
            told = job.run(starts, policy, made.openRound(ROUND));
        }

        ModelBuffer expected = new ModelBuffer(layout, shape, 1, false);
        Round round = expected.openRound(ROUND);
        Kernels kernels = config.kernels().open();
        ModelRollouts rollouts = new ModelRollouts(
                new EnsembleNetworks(kernels, ensemble), config.rollout().config(), 3, new WorkerTeam(1));
        int chunksOfAShard = 2;
        long transitions = 0;
        for (int shard = 1; shard >= 0; shard--) {
            PackedTransitions rows = new PackedTransitions(layout);
            float[] own = Arrays.copyOfRange(starts, shape.firstStart(shard) * 11, shape.firstStart(shard + 1) * 11);
            RolloutStatistics statistics = rollouts.run(
                    own,
                    shard * chunksOfAShard,
                    ROUND,
                    () -> actions.equals("uniform")
                            ? ActionSource.uniform(3)
                            : new PolicyActions(policy.policy(kernels), ModelRollouts.CHUNK_ROWS),
                    (chunk, some) -> rows.add(some));
            round.write(shard, rows.rows(), rows.count());
            transitions += statistics.transitions();
        }

        assertThat(saved(made)).isEqualTo(saved(expected));
        assertThat(told.statistics().starts()).isEqualTo(STARTS);
        assertThat(told.statistics().transitions()).isEqualTo(transitions).isGreaterThan(STARTS);
    }
}

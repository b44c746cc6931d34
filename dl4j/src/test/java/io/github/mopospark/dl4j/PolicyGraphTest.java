package io.github.mopospark.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.MlpPass;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.policy.SavedPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PolicyGraphTest {
    private static final int ROWS = 1_000;
    private static final SavedPolicy POLICY = TestModels.policy();

    private static byte[] zip() {
        return ModelZip.write(
                PolicyGraph.of(POLICY),
                Map.of(PolicyOrigin.ENTRY, PolicyOrigin.of(POLICY).toBytes()));
    }

    @Test
    void plainDl4jPutsOutWhatThePolicyDoes() throws IOException {
        int actions = TestModels.TASK.actionSize();
        int observationSize = TestModels.TASK.observationSize();
        float[] observations =
                TestModels.columns(TestModels.inputs(ROWS), observationSize + actions, 0, observationSize);
        Kernels kernels = CpuKernels.fastest();
        Mlp network = POLICY.policy(kernels).network();
        MlpPass pass = MlpPass.forInference(kernels, POLICY.shape(), ROWS);
        pass.input().writeRows(0, ROWS, observations, 0);
        network.forward(pass, 0, ROWS);
        float[] heads = new float[ROWS * 2 * actions];
        pass.output().readRows(0, ROWS, heads, 0);

        ComputationGraph graph = ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip()));
        INDArray[] outputs = graph.output(Nd4j.create(observations, new long[] {ROWS, observationSize}));
        int cut = 0;
        double greatest = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int j = 0; j < actions; j++) {
                float mean = heads[row * 2 * actions + j];
                float uncut = heads[row * 2 * actions + actions + j];
                double logStd = Math.max(POLICY.leastLogStd(), Math.min(POLICY.greatestLogStd(), uncut));
                cut += logStd == uncut ? 0 : 1;
                greatest = Math.max(greatest, Math.abs(outputs[0].getFloat(row, j) - mean));
                greatest = Math.max(greatest, Math.abs(outputs[1].getFloat(row, j) - logStd));
                greatest = Math.max(greatest, Math.abs(outputs[2].getFloat(row, j) - Math.tanh(mean)));
            }
        }
        assertThat(greatest).isLessThan(1e-5);
        assertThat(cut).as("log standard deviations at a bound").isBetween(ROWS / 10, ROWS * actions * 9 / 10);
    }

    @Test
    void comesBackToTheBit() {
        ModelZip zip = ModelZip.read(zip(), "policy.zip");
        PolicyOrigin origin = zip.origin().orElseThrow();
        SavedPolicy back = PolicyGraph.read(zip, TestModels.TASK, origin);
        assertThat(back.actor()).isEqualTo(POLICY.actor());
        assertThat(back).usingRecursiveComparison().isEqualTo(POLICY);
    }

    @Test
    void comesBackFromDl4jsOwnZip() throws IOException {
        ComputationGraph graph = ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip()));
        ModelZip zip = ModelZip.read(ModelZip.write(graph, Map.of()), "policy.zip");
        assertThat(zip.origin()).isEmpty();
        SavedPolicy back = PolicyGraph.read(zip, TestModels.TASK, PolicyOrigin.unknown("hopper"));
        assertThat(back.actor()).isEqualTo(POLICY.actor());
        assertThat(back.datasetChecksum()).isEmpty();
    }
}

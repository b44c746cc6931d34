package io.github.mopospark.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MemberGraphTest {
    private static final int ROWS = 1_000;
    private static final Ensemble ENSEMBLE = TestModels.ensemble();

    @Test
    void plainDl4jPredictsWhatEveryMemberDoes() throws IOException {
        int observationSize = ENSEMBLE.task().observationSize();
        int actionSize = ENSEMBLE.task().actionSize();
        int inputSize = observationSize + actionSize;
        float[] inputs = TestModels.inputs(ROWS);
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(CpuKernels.fastest(), ENSEMBLE).predictor(ROWS);
        predictor.predict(
                TestModels.columns(inputs, inputSize, 0, observationSize),
                TestModels.columns(inputs, inputSize, observationSize, actionSize),
                ROWS);
        int size = ENSEMBLE.layout().size();
        for (int member = 0; member < ENSEMBLE.members().size(); member++) {
            ComputationGraph graph = ModelSerializer.restoreComputationGraph(
                    new ByteArrayInputStream(ModelZip.write(MemberGraph.of(ENSEMBLE, member), Map.of())));
            INDArray[] outputs = graph.output(Nd4j.create(inputs, new long[] {ROWS, inputSize}));
            assertThat(outputs[0].shape()).containsExactly(ROWS, size);
            float[] means = outputs[0].dup('c').data().asFloat();
            float[] logVariances = outputs[1].dup('c').data().asFloat();
            double greatest = 0;
            for (int i = 0; i < ROWS * size; i++) {
                greatest = Math.max(greatest, Math.abs(means[i] - predictor.means(member)[i]));
                double logVariance = Math.log(predictor.variances(member)[i]);
                greatest = Math.max(greatest, Math.abs(logVariances[i] - logVariance));
            }
            assertThat(greatest).as("member %d", member).isLessThan(1e-5);
        }
    }

    @Test
    void comesBackToTheBit() {
        for (int member = 0; member < ENSEMBLE.members().size(); member++) {
            byte[] zip = ModelZip.write(MemberGraph.of(ENSEMBLE, member), Map.of());
            MemberWeights back = MemberGraph.read(ModelZip.read(zip, "member.zip"), ENSEMBLE);
            assertThat(back.parameters())
                    .isEqualTo(ENSEMBLE.members().get(member).parameters());
            assertThat(back.bounds()).isEqualTo(ENSEMBLE.members().get(member).bounds());
        }
    }

    @Test
    void isWrittenToTheSameBytes() {
        assertThat(ModelZip.write(MemberGraph.of(ENSEMBLE, 0), Map.of()))
                .isEqualTo(ModelZip.write(MemberGraph.of(ENSEMBLE, 0), Map.of()));
    }
}

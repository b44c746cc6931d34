package io.github.mopospark.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

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
    void isWrittenToTheSameBytesAtAnyTime() throws IOException {
        byte[] zip = ModelZip.write(MemberGraph.of(ENSEMBLE, 0), Map.of());
        assertThat(ModelZip.write(MemberGraph.of(ENSEMBLE, 0), Map.of())).isEqualTo(zip);
        try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                assertThat(entry.getTimeLocal()).isEqualTo(LocalDateTime.of(1980, 2, 1, 0, 0));
            }
        }
    }

    @Test
    void dl4jTrainsDenseLayersAndLeavesRowsOfFactorsAsTheyAre() {
        ComputationGraph graph = MemberGraph.of(ENSEMBLE, 0);
        ComputationGraph trained = new TransferLearning.GraphBuilder(graph)
                .addLayer("mean-loss", loss(), MemberGraph.MEAN)
                .addLayer("log-variance-loss", loss(), MemberGraph.LOG_VARIANCE)
                .setOutputs("mean-loss", "log-variance-loss")
                .build();
        int inputSize = ENSEMBLE.task().observationSize() + ENSEMBLE.task().actionSize();
        INDArray targets = Nd4j.ones(32, ENSEMBLE.layout().size());
        trained.fit(
                new INDArray[] {Nd4j.create(TestModels.inputs(32), new long[] {32, inputSize})},
                new INDArray[] {targets, targets});
        for (Layer layer : graph.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            boolean isRow = layer.conf().getLayer() instanceof ElementWiseMultiplicationLayer;
            assertThat(trained.getLayer(name).params().equals(layer.params()))
                    .as(name)
                    .isEqualTo(isRow);
        }
    }

    private static LossLayer loss() {
        return new LossLayer.Builder(LossFunctions.LossFunction.MSE)
                .activation(Activation.IDENTITY)
                .build();
    }
}

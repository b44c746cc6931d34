package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The gradients of the three losses against central differences of the losses. Rates of zero hold all parameters still. */
class SacGradientTest {
    private static final int OBSERVATION_SIZE = 3;
    private static final int ACTION_SIZE = 2;
    private static final int BATCH = 40;
    private static final float STEP = 2e-3f;

    /** Floats and the kinks of ReLU leave some of it; a wrong term leaves far more. */
    private static final double TOLERANCE = 0.02;

    private static SacLearner learner() {
        SacConfig config = new SacConfig(
                List.of(10, 9), Initialiser.FAN_IN_UNIFORM, BATCH, 0.9, 1e-30, 0, 0, 0, 0, 0.4, -2, -5, 2);
        SacLearner learner =
                new SacLearner(CpuKernels.fastest(), config, OBSERVATION_SIZE, ACTION_SIZE, new NoBatches(), 3, 1);
        new RandomBatches(OBSERVATION_SIZE, ACTION_SIZE).fill(learner.batch(), 0, BATCH);
        RandomStream random = RandomStream.of(8, "noise");
        random.fillGaussian(learner.distribution().noise(), 0, BATCH * ACTION_SIZE);
        random.fillGaussian(learner.nextDistribution().noise(), 0, BATCH * ACTION_SIZE);
        return learner;
    }

    private static void check(SacLearner learner, Mlp network, float[] gradient, ToDoubleFunction<SacLosses> loss) {
        float[] start = network.parameters().toArray();
        float[] differences = new float[start.length];
        for (int i = 0; i < start.length; i++) {
            double above = lossWith(learner, network, start, i, STEP, loss);
            double below = lossWith(learner, network, start, i, -STEP, loss);
            differences[i] = (float) ((above - below) / (2 * STEP));
        }
        assertThat(Reference.relativeError(gradient, differences)).isLessThan(TOLERANCE);
    }

    private static double lossWith(
            SacLearner learner, Mlp network, float[] start, int place, float step, ToDoubleFunction<SacLosses> loss) {
        float[] changed = start.clone();
        changed[place] += step;
        network.parameters().set(changed);
        learner.update(false);
        network.parameters().set(start);
        return loss.applyAsDouble(learner.losses());
    }

    @Test
    void bothCriticsDescendTheirBellmanErrors() {
        try (SacLearner learner = learner()) {
            learner.update(false);
            check(
                    learner,
                    learner.critic(0),
                    learner.criticGradient(0).parameters().toArray(),
                    SacLosses::firstCriticLoss);
            learner.update(false);
            check(
                    learner,
                    learner.critic(1),
                    learner.criticGradient(1).parameters().toArray(),
                    SacLosses::secondCriticLoss);
        }
    }

    @Test
    void theActorDescendsItsLossThroughTheLesserCriticAndTheEntropy() {
        try (SacLearner learner = learner()) {
            learner.update(false);
            check(
                    learner,
                    learner.policy().network(),
                    learner.actorGradient().parameters().toArray(),
                    SacLosses::actorLoss);
        }
    }

    @Test
    void theTemperatureDescendsItsLoss() {
        Temperature temperature = new Temperature(0.4, -2, 1e-3);
        double meanLogProbability = 1.25;
        float logarithm = (float) temperature.logarithm();
        temperature.restore(new float[] {logarithm + 0.01f, 0, 0}, 0);
        double above = temperature.loss(meanLogProbability);
        temperature.restore(new float[] {logarithm - 0.01f, 0, 0}, 0);
        double below = temperature.loss(meanLogProbability);

        assertThat(temperature.gradient(meanLogProbability)).isCloseTo((above - below) / 0.02, Offset.offset(1e-4));
    }
}

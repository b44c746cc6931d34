package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.MlpParameters;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One update against figures of PyTorch in float64: {@code sac} of {@code updates.hdf5}. */
class SacReferenceTest {
    private static final double VALUE_TOLERANCE = 1e-4;
    private static final double CHANGE_TOLERANCE = 1e-2;
    private static final double LEAST_GRADIENT = 1e-6;

    private static final Reference REFERENCE = Reference.open();
    private static final int OBSERVATION_SIZE = REFERENCE.shape("sac/batch/observations")[1];
    private static final int ACTION_SIZE = REFERENCE.shape("sac/batch/actions")[1];
    private static final int BATCH = REFERENCE.shape("sac/batch/observations")[0];
    private static final List<String> NETWORKS = List.of("actor", "critic1", "critic2", "target1", "target2");

    static Stream<Arguments> kernelsAndThreads() {
        return TestKernels.all().flatMap(kernels -> Stream.of(1, 2)
                .map(threads -> Arguments.of(Named.of(kernels.description(), kernels), threads)));
    }

    private static SacLearner learner(Kernels kernels, int threads) {
        List<Integer> hidden = new ArrayList<>();
        for (int layer = 0; REFERENCE.has("sac/before/actor/W" + (layer + 1)); layer++) {
            hidden.add(REFERENCE.shape("sac/before/actor/W" + layer)[1]);
        }
        SacConfig settings = new SacConfig(
                hidden,
                Initialiser.GLOROT_UNIFORM,
                BATCH,
                REFERENCE.attribute("sac", "gamma"),
                REFERENCE.attribute("sac", "tau"),
                REFERENCE.attribute("sac", "lr_critic"),
                REFERENCE.attribute("sac", "lr_actor"),
                0,
                REFERENCE.attribute("sac", "lr_alpha"),
                Math.exp(REFERENCE.array("sac/before/log_alpha")[0]),
                REFERENCE.attribute("sac", "target_entropy"),
                REFERENCE.attribute("sac", "log_std_min"),
                REFERENCE.attribute("sac", "log_std_max"));
        SacLearner learner =
                new SacLearner(kernels, settings, OBSERVATION_SIZE, ACTION_SIZE, new NoBatches(), 0, threads);
        for (String name : NETWORKS) {
            network(learner, name)
                    .parameters()
                    .set(packed("sac/before/" + name, network(learner, name).shape()));
        }
        learner.criticGradient(0).transposeWeights();
        learner.criticGradient(1).transposeWeights();
        copy("observations", learner.batch().observations());
        copy("actions", learner.batch().actions());
        copy("rewards", learner.batch().rewards());
        copy("next_observations", learner.batch().nextObservations());
        copy("terminals", learner.batch().terminals());
        copy("noise", learner.distribution().noise());
        copy("next_noise", learner.nextDistribution().noise());
        return learner;
    }

    private static void copy(String name, float[] target) {
        float[] values = REFERENCE.array("sac/batch/" + name);
        System.arraycopy(values, 0, target, 0, values.length);
    }

    private static Mlp network(SacLearner learner, String name) {
        return switch (name) {
            case "actor" -> learner.policy().network();
            case "critic1" -> learner.critic(0);
            case "critic2" -> learner.critic(1);
            case "target1" -> learner.target(0);
            case "target2" -> learner.target(1);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static MlpParameters gradient(SacLearner learner, String name) {
        return switch (name) {
            case "actor" -> learner.actorGradient().parameters();
            case "critic1" -> learner.criticGradient(0).parameters();
            case "critic2" -> learner.criticGradient(1).parameters();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static float[] packed(String group, MlpShape shape) {
        float[] packed = new float[shape.parameterCount()];
        int next = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (String kind : List.of("W", "b")) {
                float[] values = REFERENCE.array(group + "/" + kind + layer);
                System.arraycopy(values, 0, packed, next, values.length);
                next += values.length;
            }
        }
        return packed;
    }

    private static void assertValues(String name, float[] ours) {
        float[] reference = REFERENCE.array("sac/value/" + name);
        assertThat(Reference.relativeError(ours, reference)).as(name).isLessThan(VALUE_TOLERANCE);
    }

    @ParameterizedTest(name = "{0}, {1} threads")
    @MethodSource("kernelsAndThreads")
    void computesTheReferenceValues(Kernels kernels, int threads) {
        try (SacLearner learner = learner(kernels, threads)) {
            learner.update(false);

            assertValues("action", learner.distribution().actions());
            assertValues("log_prob", learner.distribution().logProbabilities());
            assertValues("next_action", learner.nextDistribution().actions());
            assertValues("next_log_prob", learner.nextDistribution().logProbabilities());
            assertValues("target", learner.targets());
            SacLosses losses = learner.losses();
            assertValues("critic1_loss", new float[] {(float) losses.firstCriticLoss()});
            assertValues("critic2_loss", new float[] {(float) losses.secondCriticLoss()});
            assertValues("actor_loss", new float[] {(float) losses.actorLoss()});
            assertValues("alpha_loss", new float[] {(float) losses.temperatureLoss()});
        }
    }

    @ParameterizedTest(name = "{0}, {1} threads")
    @MethodSource("kernelsAndThreads")
    void computesTheReferenceGradients(Kernels kernels, int threads) {
        try (SacLearner learner = learner(kernels, threads)) {
            learner.update(false);

            for (String name : List.of("actor", "critic1", "critic2")) {
                MlpParameters gradient = gradient(learner, name);
                for (String array : arrays(gradient.shape())) {
                    assertThat(Reference.relativeError(
                                    numbers(gradient, array), REFERENCE.array("sac/gradient/" + name + "/" + array)))
                            .as("%s of %s", array, name)
                            .isLessThan(VALUE_TOLERANCE);
                }
            }
            double temperatureGradient = learner.temperature()
                    .gradient(SacLearner.mean(learner.distribution().logProbabilities()));
            assertThat(temperatureGradient / REFERENCE.array("sac/gradient/log_alpha")[0] - 1)
                    .isBetween(-VALUE_TOLERANCE, VALUE_TOLERANCE);
        }
    }

    @ParameterizedTest(name = "{0}, {1} threads")
    @MethodSource("kernelsAndThreads")
    void changesTheParametersAsTheReferenceDoes(Kernels kernels, int threads) {
        try (SacLearner learner = learner(kernels, threads)) {
            learner.update(false);

            for (String name : NETWORKS) {
                for (String array : arrays(network(learner, name).shape())) {
                    assertThat(changeError(learner, name, array))
                            .as("%s of %s", array, name)
                            .isLessThan(CHANGE_TOLERANCE);
                }
            }
            assertThat(temperatureChangeError(learner)).isLessThan(CHANGE_TOLERANCE);
        }
    }

    /** Without it, the check of a change could pass for an array that nothing changes. */
    @Test
    void everyArrayFailsTheCheckIfItsUpdateIsSkipped() {
        try (SacLearner learner = learner(TestKernels.all().findFirst().orElseThrow(), 1)) {
            for (String name : NETWORKS) {
                for (String array : arrays(network(learner, name).shape())) {
                    assertThat(changeError(learner, name, array))
                            .as("%s of %s", array, name)
                            .isGreaterThan(0.99);
                }
            }
            assertThat(temperatureChangeError(learner)).as("log_alpha").isGreaterThan(0.99);
        }
    }

    private static double temperatureChangeError(SacLearner learner) {
        double before = REFERENCE.array("sac/before/log_alpha")[0];
        double expected = REFERENCE.array("sac/after/log_alpha")[0] - before;
        return Math.abs((learner.temperature().logarithm() - before) / expected - 1);
    }

    private static double changeError(SacLearner learner, String name, String array) {
        float[] before = REFERENCE.array("sac/before/" + name + "/" + array);
        float[] after = REFERENCE.array("sac/after/" + name + "/" + array);
        float[] ours = numbers(network(learner, name).parameters(), array);
        // A target follows its critic: where the critic's gradient is nothing but rounding, so is the change of both.
        float[] gradient = REFERENCE.array("sac/gradient/" + name.replace("target", "critic") + "/" + array);
        float[] change = new float[before.length];
        float[] expected = new float[before.length];
        for (int i = 0; i < before.length; i++) {
            if (Math.abs(gradient[i]) >= LEAST_GRADIENT) {
                change[i] = ours[i] - before[i];
                expected[i] = after[i] - before[i];
            }
        }
        return Reference.relativeError(change, expected);
    }

    private static List<String> arrays(MlpShape shape) {
        List<String> names = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            names.add("W" + layer);
            names.add("b" + layer);
        }
        return names;
    }

    private static float[] numbers(MlpParameters parameters, String array) {
        int layer = Integer.parseInt(array.substring(1));
        return array.startsWith("W")
                ? parameters.weights(layer).toArray()
                : parameters.biases(layer).toArray();
    }
}

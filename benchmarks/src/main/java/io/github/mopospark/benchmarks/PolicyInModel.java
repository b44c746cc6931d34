package io.github.mopospark.benchmarks;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.rollouts.ModelReturn;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.policy.GaussianPolicy;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * MOPO's equations 7 and 9 for trained policies: the discounted return in the model against that in MuJoCo, of the same policy
 * from the same distribution of initial states over the same horizon, and the discounted penalties, which should be as large as
 * what the model promises too much.
 */
public final class PolicyInModel {
    private static final int HORIZON = 300;
    private static final int STARTS = 1_000;
    private static final int EPISODES = 50;
    private static final int CHUNK = 500;
    private static final long SEED = 1_000;

    private PolicyInModel() {}

    /**
     * Prints a row a run.
     *
     * @param arguments the folders of runs
     * @throws IOException if one cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        System.out.printf(
                "Discounted with gamma over %d steps, actions drawn from the policy: %,d rollouts in the model, %d episodes in MuJoCo.%n%n",
                HORIZON, STARTS, EPISODES);
        System.out.println(
                "| run | epoch | lambda | return in the model | in MuJoCo | promised too much | penalties (eq. 9) | lambda x penalties |"
                        + " model - lambda x penalties <= MuJoCo (eq. 7) | length in the model, in MuJoCo | mean penalty of a step |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (String folder : arguments) {
            row(new RunFolder(new Storage(new Configuration()), new Path(folder)));
        }
    }

    private static void row(RunFolder run) throws IOException {
        RunConfig config = run.configuration().orElseThrow();
        Kernels kernels = config.kernels().open();
        var saved = run.policy().read();
        GaussianPolicy policy = saved.policy(kernels);
        RolloutConfig rollouts = config.rollout().config();
        double discount = config.learner().sac().discount();
        float[] starts;
        double inMuJoCo = 0;
        double length = 0;
        try (Environment environment = Environments.create(Tasks.named(config.task()))) {
            starts = starts(environment);
            for (int episode = 0; episode < EPISODES; episode++) {
                double[] played = play(environment, new PolicyActions(policy, 1), discount, SEED + episode);
                inMuJoCo += played[0] / EPISODES;
                length += played[1] / EPISODES;
            }
        }
        ModelReturn model;
        try (WorkerTeam team = new WorkerTeam(Runtime.getRuntime().availableProcessors())) {
            model = ModelReturn.of(
                    new EnsembleNetworks(kernels, run.ensemble().read()),
                    new ModelReturn.Settings(rollouts.penalty(), discount, HORIZON, SEED),
                    starts,
                    () -> new PolicyActions(policy, CHUNK),
                    team);
        }
        double lambda = rollouts.penaltyCoefficient();
        double penalised = lambda * model.penalty();
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %.1f | %.1f | %.1f | %.2f | %.1f | %s | %.0f, %.0f | %.3f |%n",
                run.path().getName(),
                saved.epoch(),
                lambda,
                model.reward(),
                inMuJoCo,
                model.reward() - inMuJoCo,
                model.penalty(),
                penalised,
                model.reward() - penalised <= inMuJoCo ? "holds" : "does not hold",
                model.length(),
                length,
                model.meanPenalty());
    }

    private static float[] starts(Environment environment) {
        int size = environment.observationSpace().size();
        double[] observation = new double[size];
        float[] starts = new float[STARTS * size];
        for (int start = 0; start < STARTS; start++) {
            environment.reset(SEED + start, observation);
            for (int j = 0; j < size; j++) {
                starts[start * size + j] = (float) observation[j];
            }
        }
        return starts;
    }

    /** The discounted return and the length of an episode, up to the horizon. */
    private static double[] play(Environment environment, PolicyActions actions, double discount, long seed) {
        double[] observation = new double[environment.observationSpace().size()];
        float[] input = new float[observation.length];
        float[] action = new float[environment.actionSpace().size()];
        RandomStream random = RandomStream.of(seed, "played actions");
        environment.reset(seed, observation);
        double sum = 0;
        double weight = 1;
        int steps = 0;
        while (steps < HORIZON && !environment.terminated() && !environment.truncated()) {
            for (int j = 0; j < input.length; j++) {
                input[j] = (float) observation[j];
            }
            actions.actions(input, 1, action, random);
            sum += weight * environment.step(action, observation);
            weight *= discount;
            steps++;
        }
        return new double[] {sum, steps};
    }
}

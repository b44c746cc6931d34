package io.github.mopospark.benchmarks;

import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.jobs.EpisodeScore;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.BatchSource;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.SacConfig;
import io.github.mopospark.policy.SacLearner;
import io.github.mopospark.policy.SacLosses;
import io.github.mopospark.policy.buffers.TransitionBatch;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Soft actor-critic alone, online in the simulator: shows that the learner learns, apart from any model. Random steps first,
 * then one update a step with the preset {@code paper}; every 5,000 steps ten episodes of the most likely actions.
 */
final class OnlineSac implements BatchSource, AutoCloseable {
    private static final int RANDOM_STEPS = 5_000;
    private static final int EVALUATION_STEPS = 5_000;
    private static final int EVALUATION_EPISODES = 10;

    private final Task task;
    private final long seed;
    private final float[] observations;
    private final float[] actions;
    private final float[] rewards;
    private final float[] nextObservations;
    private final float[] terminals;
    private final int[] drawn;
    private final RandomStream rows;
    private final SacLearner learner;
    private final PolicyActions policy;
    private int size;

    private OnlineSac(Task task, long seed, int steps) {
        this.task = task;
        this.seed = seed;
        observations = new float[steps * task.observationSize()];
        actions = new float[steps * task.actionSize()];
        rewards = new float[steps];
        nextObservations = new float[steps * task.observationSize()];
        terminals = new float[steps];
        SacConfig settings = SacConfig.paper();
        drawn = new int[settings.batchSize()];
        rows = RandomStream.of(seed, "batch");
        learner = new SacLearner(
                CpuKernels.fastest(), settings, task.observationSize(), task.actionSize(), this, seed, 1);
        policy = new PolicyActions(learner.policy(), 1);
    }

    @Override
    public void draw(long update) {
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = rows.nextInt(size);
        }
    }

    @Override
    public void fill(TransitionBatch batch, int from, int to) {
        for (int i = from; i < to; i++) {
            copyRow(observations, drawn[i], batch.observations(), i, task.observationSize());
            copyRow(actions, drawn[i], batch.actions(), i, task.actionSize());
            copyRow(nextObservations, drawn[i], batch.nextObservations(), i, task.observationSize());
            batch.rewards()[i] = rewards[drawn[i]];
            batch.terminals()[i] = terminals[drawn[i]];
        }
    }

    private static void copyRow(float[] source, int sourceRow, float[] target, int targetRow, int width) {
        System.arraycopy(source, sourceRow * width, target, targetRow * width, width);
    }

    private void train(int steps, PrintWriter curve) {
        RandomStream exploration = RandomStream.of(seed, "exploration");
        double[] observation = new double[task.observationSize()];
        float[] now = new float[task.observationSize()];
        float[] action = new float[task.actionSize()];
        long start = System.nanoTime();
        long episode = 0;
        curve.println("step,mean_return,std_return,mean_length,critic_loss,mean_target,temperature,seconds");
        try (Environment environment = Environments.create(task)) {
            environment.reset(RandomStream.of(seed, "episode", episode).nextLong(), observation);
            for (int step = 1; step <= steps; step++) {
                narrow(observation, now);
                if (step <= RANDOM_STEPS) {
                    exploration.fillUniform(action, 0, action.length, -1f, 1f);
                } else {
                    policy.actions(now, 1, action, exploration);
                }
                double reward = environment.step(action, observation);
                store(now, action, reward, observation, environment.terminated());
                if (environment.terminated() || environment.truncated()) {
                    episode++;
                    environment.reset(RandomStream.of(seed, "episode", episode).nextLong(), observation);
                }
                if (step > RANDOM_STEPS) {
                    learner.update();
                }
                if (step % EVALUATION_STEPS == 0 && step > RANDOM_STEPS) {
                    evaluate(step, curve, (System.nanoTime() - start) / 1e9);
                }
            }
        }
    }

    private static void narrow(double[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) from[i];
        }
    }

    private void store(float[] now, float[] action, double reward, double[] next, boolean terminal) {
        copyRow(now, 0, observations, size, now.length);
        copyRow(action, 0, actions, size, action.length);
        rewards[size] = (float) reward;
        for (int i = 0; i < next.length; i++) {
            nextObservations[size * next.length + i] = (float) next[i];
        }
        terminals[size] = terminal ? 1f : 0f;
        size++;
    }

    private void evaluate(int step, PrintWriter curve, double seconds) {
        double sum = 0;
        double squares = 0;
        long length = 0;
        try (Environment environment = Environments.create(task)) {
            for (int episode = 0; episode < EVALUATION_EPISODES; episode++) {
                long start = RandomStream.of(seed, "evaluation", step, episode).nextLong();
                EpisodeScore score = EpisodeScore.play(environment, policy, start);
                sum += score.episodeReturn();
                squares += score.episodeReturn() * score.episodeReturn();
                length += score.length();
            }
        }
        double mean = sum / EVALUATION_EPISODES;
        double std = Math.sqrt(Math.max(0, squares / EVALUATION_EPISODES - mean * mean));
        SacLosses losses = learner.losses();
        curve.printf(
                Locale.ROOT,
                "%d,%.1f,%.1f,%.1f,%.4f,%.2f,%.4f,%.0f%n",
                step,
                mean,
                std,
                (double) length / EVALUATION_EPISODES,
                losses.firstCriticLoss(),
                losses.meanTarget(),
                losses.temperature(),
                seconds);
        curve.flush();
    }

    @Override
    public void close() {
        learner.close();
    }

    /**
     * Trains one seed.
     *
     * @param arguments the task's name, the seed, how many steps, and the CSV file to write the curve to
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        int steps = Integer.parseInt(arguments[2]);
        try (PrintWriter curve = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[3])));
                OnlineSac training = new OnlineSac(Tasks.named(arguments[0]), Long.parseLong(arguments[1]), steps)) {
            training.train(steps, curve);
        }
    }
}

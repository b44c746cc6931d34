package io.github.mopospark.policy;

import io.github.mopospark.networks.Adam;
import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.MlpGradient;
import io.github.mopospark.networks.MlpPass;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.policy.buffers.TransitionBatch;
import io.github.mopospark.policy.buffers.TransitionLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Soft actor-critic with twin critics and a learned temperature (Haarnoja et al. 2018, algorithm 1). An update goes in the
 * order of both public codes of MOPO: both critics, the actor against the updated critics, the temperature, and the target
 * networks.
 *
 * <p>One or two threads give the same bits: an update is phases of two halves, which are half of the rows, one of the two
 * critics, or half of a gradient, and no half reads what the other writes in the same phase. Nothing is allocated in an
 * update but by kernels that must.
 */
public final class SacLearner implements AutoCloseable {
    private static final int HALVES = 2;

    /** Numbers that an update may draw from a stream before it runs into the next update's. */
    private static final long DRAWS = 1L << 24;

    private final Kernels kernels;
    private final SacConfig settings;
    private final BatchSource source;
    private final WorkerTeam team;
    private final int batchSize;
    private final int observationSize;
    private final int actionSize;

    private final GaussianPolicy policy;
    private final MlpGradient actorGradient;
    private final Adam actorOptimizer;
    private final Temperature temperature;
    private final Critic[] critics = new Critic[HALVES];
    private final RandomStream[] noise = new RandomStream[HALVES];

    private final TransitionBatch batch;
    private final MlpPass nextPass;
    private final MlpPass actorPass;
    private final SquashedGaussian nextDistribution;
    private final SquashedGaussian distribution;
    private final float[] targets;
    private final float[] actionGradient;

    private final WorkerTeam.Phase actPhase = inHalves(this::act);
    private final WorkerTeam.Phase criticPhase = inHalves(this::updateCritic);
    private final WorkerTeam.Phase actorBackwardPhase = inHalves(this::carryBackToActor);
    private final WorkerTeam.Phase actorGradientPhase = inHalves(this::computeActorGradient);
    private final WorkerTeam.Phase actorStepPhase = inHalves(this::stepActor);

    private long updates;
    private boolean drawing;
    /** Whether {@link #losses} has an update to tell of. */
    private boolean measured;

    private float alpha;
    private double temperatureLoss;

    /** One critic with all that its update needs; the two are alike and never touch each other. */
    private final class Critic {
        private final Mlp network;
        private final Mlp target;
        private final MlpGradient gradient;
        private final Adam optimizer;
        private final MlpPass targetPass;
        private final MlpPass pass;
        private final MlpPass policyPass;
        private final MlpPass leastPass;
        private final float[] targetValues = new float[batchSize];
        private final float[] values = new float[batchSize];
        private final float[] policyValues = new float[batchSize];
        private final float[] deltas = new float[batchSize];
        private final int[] leastRows = new int[batchSize];

        Critic(RandomStream random) {
            MlpShape shape = new MlpShape(observationSize + actionSize, settings.hiddenSizes(), 1, Activation.RELU);
            network = new Mlp(kernels, shape);
            network.parameters().initialise(settings.initialiser(), random);
            target = new Mlp(kernels, shape);
            target.parameters().set(network.parameters().toArray());
            gradient = network.gradient();
            gradient.transposeWeights();
            optimizer = new Adam(kernels, shape.vectorSize());
            targetPass = MlpPass.forInference(kernels, shape, batchSize);
            pass = MlpPass.forTraining(kernels, shape, batchSize);
            policyPass = MlpPass.forInference(kernels, shape, batchSize);
            leastPass = MlpPass.forTraining(kernels, shape, batchSize);
            Arrays.fill(deltas, -1f / batchSize);
            leastPass.outputDelta().writeRows(0, batchSize, deltas, 0);
        }
    }

    /**
     * A learner with fresh networks.
     *
     * @param kernels what it computes with
     * @param settings its settings
     * @param observationSize numbers in an observation
     * @param actionSize numbers in an action
     * @param source where its batches come from
     * @param seed of its networks and of the noise of its actions
     * @param threads 1 or 2, which give the same bits; more are not used
     */
    public SacLearner(
            Kernels kernels,
            SacConfig settings,
            int observationSize,
            int actionSize,
            BatchSource source,
            long seed,
            int threads) {
        this.kernels = Objects.requireNonNull(kernels, "kernels");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.source = Objects.requireNonNull(source, "source");
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        batchSize = settings.batchSize();
        policy = new GaussianPolicy(
                kernels,
                observationSize,
                actionSize,
                settings.hiddenSizes(),
                settings.leastLogStd(),
                settings.greatestLogStd());
        Mlp actor = policy.network();
        actor.parameters().initialise(settings.initialiser(), RandomStream.of(seed, "actor"));
        actorGradient = actor.gradient();
        actorOptimizer = new Adam(kernels, actor.shape().vectorSize());
        temperature =
                new Temperature(settings.initialTemperature(), settings.targetEntropy(), settings.temperatureRate());
        for (int half = 0; half < HALVES; half++) {
            critics[half] = new Critic(RandomStream.of(seed, "critic", half));
            noise[half] = RandomStream.of(seed, "policy noise", half);
        }
        batch = new TransitionBatch(new TransitionLayout(observationSize, actionSize), batchSize);
        nextPass = MlpPass.forInference(kernels, actor.shape(), batchSize);
        actorPass = MlpPass.forTraining(kernels, actor.shape(), batchSize);
        nextDistribution = policy.distribution(batchSize);
        distribution = policy.distribution(batchSize);
        targets = new float[batchSize];
        actionGradient = new float[batchSize * actionSize];
        team = new WorkerTeam(Math.max(1, Math.min(HALVES, threads)));
    }

    private WorkerTeam.Phase inHalves(WorkerTeam.Phase phase) {
        return part -> {
            for (int half = part; half < HALVES; half += team.parts()) {
                phase.run(half);
            }
        };
    }

    /**
     * The policy that is learned; it changes with every update.
     *
     * @return the policy, not a copy
     */
    public GaussianPolicy policy() {
        return policy;
    }

    /**
     * How many updates were done.
     *
     * @return their number
     */
    public long updates() {
        return updates;
    }

    /** Does one update. */
    public void update() {
        source.draw(updates);
        for (int half = 0; half < HALVES; half++) {
            noise[half].seek(updates * DRAWS);
        }
        update(true);
    }

    /** One update with a drawn batch and noise, or with those that are in {@link #batch} and the distributions. */
    void update(boolean drawn) {
        drawing = drawn;
        alpha = (float) temperature.value();
        team.run(actPhase);
        for (Critic critic : critics) {
            critic.optimizer.begin(settings.criticRate());
        }
        team.run(criticPhase);
        team.run(actorBackwardPhase);
        team.run(actorGradientPhase);
        actorOptimizer.begin(settings.actorRate(updates));
        team.run(actorStepPhase);
        double meanLogProbability = mean(distribution.logProbabilities());
        temperatureLoss = temperature.loss(meanLogProbability);
        temperature.update(meanLogProbability);
        updates++;
        measured = true;
    }

    private int start(int half) {
        return batchSize * half / HALVES;
    }

    /** Half of the rows: the batch, the actions of both observations, and the Bellman targets. */
    private void act(int half) {
        int from = start(half);
        int to = start(half + 1);
        actorGradient.transposeWeights(half, HALVES);
        if (drawing) {
            source.fill(batch, from, to);
            noise[half].fillGaussian(nextDistribution.noise(), from * actionSize, to * actionSize);
            noise[half].fillGaussian(distribution.noise(), from * actionSize, to * actionSize);
        }
        float[] observations = batch.observations();
        int observationStart = from * observationSize;

        nextPass.input().writeRows(from, to, batch.nextObservations(), observationStart);
        policy.network().forward(nextPass, from, to);
        nextDistribution.read(nextPass.output(), from, to);
        nextDistribution.sample(from, to);
        for (Critic critic : critics) {
            writeInput(critic.targetPass, batch.nextObservations(), nextDistribution.actions(), from, to);
            critic.target.forward(critic.targetPass, from, to);
            readColumn(critic.targetPass.output(), critic.targetValues, from, to);
        }
        for (int row = from; row < to; row++) {
            float least = Math.min(critics[0].targetValues[row], critics[1].targetValues[row]);
            float value = least - alpha * nextDistribution.logProbabilities()[row];
            // A terminal stops bootstrapping; a timeout is no terminal.
            targets[row] = batch.rewards()[row] + (float) settings.discount() * (1f - batch.terminals()[row]) * value;
        }

        actorPass.input().writeRows(from, to, observations, observationStart);
        policy.network().forward(actorPass, from, to);
        distribution.read(actorPass.output(), from, to);
        distribution.sample(from, to);
        for (Critic critic : critics) {
            writeInput(critic.pass, observations, batch.actions(), from, to);
            writeInput(critic.policyPass, observations, distribution.actions(), from, to);
        }
    }

    private void writeInput(MlpPass pass, float[] observations, float[] actions, int from, int to) {
        Matrix input = pass.input();
        for (int row = from; row < to; row++) {
            input.write(row, 0, observations, row * observationSize, observationSize);
            input.write(row, observationSize, actions, row * actionSize, actionSize);
        }
    }

    private static void readColumn(Matrix output, float[] values, int from, int to) {
        for (int row = from; row < to; row++) {
            output.read(row, 0, values, row, 1);
        }
    }

    /** One critic: its step toward the targets, its target network, and its values of the policy's actions. */
    private void updateCritic(int half) {
        Critic critic = critics[half];
        critic.network.forward(critic.pass, 0, batchSize);
        readColumn(critic.pass.output(), critic.values, 0, batchSize);
        for (int row = 0; row < batchSize; row++) {
            critic.deltas[row] = 2f * (critic.values[row] - targets[row]) / batchSize;
        }
        critic.pass.outputDelta().writeRows(0, batchSize, critic.deltas, 0);
        critic.gradient.backward(critic.pass, 0, batchSize);
        critic.gradient.compute(critic.pass, batchSize, 0, 1);
        Matrix parameters = critic.network.parameters().vector();
        critic.optimizer.apply(parameters, critic.gradient.parameters().vector(), 0, 1);
        critic.gradient.transposeWeights();
        // The targets move last in the algorithm; nothing reads them before the next update.
        kernels.average(critic.target.parameters().vector(), parameters, (float) settings.polyak(), 0, 1);
        critic.network.forward(critic.policyPass, 0, batchSize);
        readColumn(critic.policyPass.output(), critic.policyValues, 0, batchSize);
    }

    /** Half of the rows: from the lesser of both values back to the actor's hidden layers. */
    private void carryBackToActor(int half) {
        int from = start(half);
        int to = start(half + 1);
        carryBackThrough(critics[0], critics[1], true, from, to);
        carryBackThrough(critics[1], critics[0], false, from, to);
        distribution.backward(actionGradient, alpha / batchSize, actorPass.outputDelta(), from, to);
        actorGradient.backward(actorPass, from, to);
    }

    /**
     * Writes the gradient of {@code -min Q / batch} by the action, for the rows where a critic's value is the lesser: the
     * others do not depend on it, so they are left out of the pass.
     */
    private void carryBackThrough(Critic critic, Critic other, boolean winsTies, int from, int to) {
        int end = from;
        for (int row = from; row < to; row++) {
            float difference = critic.policyValues[row] - other.policyValues[row];
            boolean least = winsTies ? !(difference > 0) : difference < 0;
            if (least) {
                critic.leastRows[end] = row;
                end++;
            }
        }
        if (end == from) {
            return;
        }
        MlpPass pass = critic.leastPass;
        for (int layer = 0; layer < critic.network.shape().layers() - 1; layer++) {
            kernels.gather(critic.policyPass.output(layer), critic.leastRows, from, end, pass.output(layer));
        }
        critic.gradient.backward(pass, from, end);
        critic.gradient.backwardInput(pass, from, end);
        for (int i = from; i < end; i++) {
            pass.inputDelta().read(i, observationSize, actionGradient, critic.leastRows[i] * actionSize, actionSize);
        }
    }

    private void computeActorGradient(int half) {
        actorGradient.compute(actorPass, batchSize, half, HALVES);
    }

    private void stepActor(int half) {
        actorOptimizer.apply(
                policy.network().parameters().vector(),
                actorGradient.parameters().vector(),
                half,
                HALVES);
    }

    /**
     * What the last update saw.
     *
     * @return its losses
     * @throws IllegalStateException if there was no update yet, or none since a restoration
     */
    public SacLosses losses() {
        if (!measured) {
            throw new IllegalStateException("there are no losses before an update of this learner");
        }
        double[] criticLosses = new double[HALVES];
        double actorLoss = 0;
        for (int row = 0; row < batchSize; row++) {
            for (int i = 0; i < HALVES; i++) {
                double error = (double) critics[i].values[row] - targets[row];
                criticLosses[i] += error * error / batchSize;
            }
            float least = Math.min(critics[0].policyValues[row], critics[1].policyValues[row]);
            actorLoss += ((double) alpha * distribution.logProbabilities()[row] - least) / batchSize;
        }
        return new SacLosses(
                criticLosses[0],
                criticLosses[1],
                actorLoss,
                temperatureLoss,
                alpha,
                mean(targets),
                mean(distribution.logProbabilities()));
    }

    static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /**
     * Everything that the next update depends on but the transitions.
     *
     * @return a copy
     */
    State state() {
        Map<String, float[]> networks = new TreeMap<>();
        networks()
                .forEach((name, network) ->
                        networks.put(name, network.parameters().toArray()));
        Map<String, Adam.State> moments = new TreeMap<>();
        optimizers().forEach((name, optimizer) -> moments.put(name, optimizer.state()));
        return new State(updates, networks, moments, temperature.state(), temperature.steps());
    }

    /**
     * Goes on where another learner of the same settings stopped.
     *
     * @param state what {@link #state} gave; its lengths are this learner's
     */
    void restore(State state) {
        networks().forEach((name, network) -> network.parameters()
                .set(state.networks().get(name)));
        optimizers()
                .forEach((name, optimizer) -> optimizer.restore(state.moments().get(name)));
        for (Critic critic : critics) {
            critic.gradient.transposeWeights();
        }
        temperature.restore(state.temperature(), state.temperatureSteps());
        updates = state.updates();
        measured = false;
    }

    /** All networks, by the names they are saved under. */
    private Map<String, Mlp> networks() {
        return Map.of(
                "actor", policy.network(),
                "critic1", critics[0].network,
                "critic2", critics[1].network,
                "target1", critics[0].target,
                "target2", critics[1].target);
    }

    private Map<String, Adam> optimizers() {
        return Map.of(
                "actor", actorOptimizer,
                "critic1", critics[0].optimizer,
                "critic2", critics[1].optimizer);
    }

    /**
     * A learner's numbers.
     *
     * @param updates updates so far
     * @param networks the parameters of each network, without padding
     * @param moments the state of each optimizer
     * @param temperature log alpha and its moments
     * @param temperatureSteps steps of the temperature so far
     */
    record State(
            long updates,
            Map<String, float[]> networks,
            Map<String, Adam.State> moments,
            float[] temperature,
            long temperatureSteps) {}

    /** Ends the threads. */
    @Override
    public void close() {
        team.close();
    }

    TransitionBatch batch() {
        return batch;
    }

    SquashedGaussian distribution() {
        return distribution;
    }

    SquashedGaussian nextDistribution() {
        return nextDistribution;
    }

    float[] targets() {
        return targets;
    }

    Temperature temperature() {
        return temperature;
    }

    MlpGradient actorGradient() {
        return actorGradient;
    }

    Mlp critic(int index) {
        return critics[index].network;
    }

    MlpGradient criticGradient(int index) {
        return critics[index].gradient;
    }

    Mlp target(int index) {
        return critics[index].target;
    }
}

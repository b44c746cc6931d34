package io.github.mopospark.policy;

import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A policy as data: what is saved, exported and sent to where it acts. The actor's parameters are not copied.
 *
 * @param task what it acts in
 * @param hiddenSizes widths of the actor's hidden layers, all ReLU
 * @param leastLogStd below it the log standard deviation is cut
 * @param greatestLogStd above it the log standard deviation is cut
 * @param actor the actor's parameters, {@code [parameterCount]} of its {@link #shape}: layer after layer the weights
 *     {@code [in, out]}, then the biases {@code [out]}
 * @param datasetChecksum tells the dataset that it was trained on; empty if on none
 * @param seed of the run that it was trained in
 * @param epoch how many epochs it was trained for
 */
public record SavedPolicy(
        Task task,
        List<Integer> hiddenSizes,
        double leastLogStd,
        double greatestLogStd,
        float[] actor,
        String datasetChecksum,
        long seed,
        int epoch) {
    /**
     * Checks that all of it fits.
     *
     * @throws IllegalArgumentException if something does not; the message names it, its value and the rule
     */
    public SavedPolicy {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(datasetChecksum, "datasetChecksum");
        hiddenSizes = List.copyOf(hiddenSizes);
        if (!Double.isFinite(leastLogStd) || !Double.isFinite(greatestLogStd) || leastLogStd >= greatestLogStd) {
            throw new IllegalArgumentException(
                    "a policy's least log standard deviation must be less than the greatest and both finite, but they were"
                            + " %s and %s".formatted(leastLogStd, greatestLogStd));
        }
        if (epoch < 0) {
            throw new IllegalArgumentException("a policy's epoch must be at least 0, but was " + epoch);
        }
        MlpShape shape = shape(task, hiddenSizes);
        if (actor.length != shape.parameterCount()) {
            throw new IllegalArgumentException("a policy's actor of %s must have %,d parameters, but has %,d"
                    .formatted(shape, shape.parameterCount(), actor.length));
        }
        for (int i = 0; i < actor.length; i++) {
            if (!Float.isFinite(actor[i])) {
                throw new IllegalArgumentException(
                        "a policy's actor must have finite parameters, but number %,d is %s".formatted(i, actor[i]));
            }
        }
    }

    /**
     * A policy as it is now.
     *
     * @param task what it acts in
     * @param policy the policy, whose parameters are copied
     * @param datasetChecksum tells the dataset that it was trained on; empty if on none
     * @param seed of the run that it was trained in
     * @param epoch how many epochs it was trained for
     * @return the data
     * @throws IllegalArgumentException if its sizes are not the task's, or its parameters are not finite
     */
    public static SavedPolicy of(Task task, GaussianPolicy policy, String datasetChecksum, long seed, int epoch) {
        if (policy.observationSize() != task.observationSize() || policy.actionSize() != task.actionSize()) {
            throw new IllegalArgumentException(
                    "a policy for %s must have observations of %d and actions of %d, but has %d and %d"
                            .formatted(
                                    task.name(),
                                    task.observationSize(),
                                    task.actionSize(),
                                    policy.observationSize(),
                                    policy.actionSize()));
        }
        return new SavedPolicy(
                task,
                policy.network().shape().hiddenSizes(),
                policy.leastLogStd(),
                policy.greatestLogStd(),
                policy.network().parameters().toArray(),
                datasetChecksum,
                seed,
                epoch);
    }

    /**
     * The sizes of an actor.
     *
     * @param task what it acts in
     * @param hiddenSizes widths of its hidden layers
     * @return from the observation to mean and log standard deviation
     */
    public static MlpShape shape(Task task, List<Integer> hiddenSizes) {
        return new MlpShape(task.observationSize(), hiddenSizes, 2 * task.actionSize(), Activation.RELU);
    }

    /**
     * The actor's sizes.
     *
     * @return from the observation to mean and log standard deviation
     */
    public MlpShape shape() {
        return shape(task, hiddenSizes);
    }

    /**
     * Builds the policy.
     *
     * @param kernels what it computes with
     * @return a policy with these parameters
     */
    public GaussianPolicy policy(Kernels kernels) {
        GaussianPolicy policy = new GaussianPolicy(
                kernels, task.observationSize(), task.actionSize(), hiddenSizes, leastLogStd, greatestLogStd);
        policy.network().parameters().set(actor);
        return policy;
    }

    /**
     * The policy as it travels between JVMs of one version: four bytes a parameter, and a few more.
     *
     * @return what {@link #ofBytes} reads
     * @throws IllegalArgumentException if its task is none of {@link Tasks}, by which it is read
     */
    public byte[] toBytes() {
        Tasks.requireKnown(task);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Float.BYTES * actor.length + 256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(task.name());
            out.writeInt(hiddenSizes.size());
            for (int size : hiddenSizes) {
                out.writeInt(size);
            }
            out.writeDouble(leastLogStd);
            out.writeDouble(greatestLogStd);
            out.writeUTF(datasetChecksum);
            out.writeLong(seed);
            out.writeInt(epoch);
            for (float parameter : actor) {
                out.writeFloat(parameter);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a policy that came from another JVM.
     *
     * @param bytes as {@link #toBytes} gives them
     * @return the policy
     * @throws IllegalArgumentException if they are something else
     */
    public static SavedPolicy ofBytes(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Task task = Tasks.named(in.readUTF());
            int layers = in.readInt();
            List<Integer> hiddenSizes = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                hiddenSizes.add(in.readInt());
            }
            double leastLogStd = in.readDouble();
            double greatestLogStd = in.readDouble();
            String datasetChecksum = in.readUTF();
            long seed = in.readLong();
            int epoch = in.readInt();
            float[] actor = new float[in.available() / Float.BYTES];
            for (int i = 0; i < actor.length; i++) {
                actor[i] = in.readFloat();
            }
            return new SavedPolicy(task, hiddenSizes, leastLogStd, greatestLogStd, actor, datasetChecksum, seed, epoch);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "%,d bytes are not a policy: they end too early".formatted(bytes.length), e);
        }
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.CheckpointRounds;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.policy.buffers.ModelBuffer;
import io.github.mopospark.policy.buffers.Round;
import io.github.mopospark.runs.Snapshots;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The rounds of rollouts that a learner draws from: makes the next, at once or while the learner is busy, and brings those of a
 * checkpoint back. A round depends on its number, the policy that made it and the seed alone. For the learner's thread.
 */
final class RolloutRounds {
    private static final String TRANSITIONS = "transitions-";
    private static final String POLICY = "policy-";
    private static final String POLICY_ENDING = ".bin";

    private final DatasetBuffer dataset;
    private final RolloutJob job;
    private final RunConfig config;
    private final ModelBuffer buffer;
    /** By the numbers of closed rounds, what made them. */
    private final NavigableMap<Long, SavedPolicy> policies = new TreeMap<>();
    /** By its number, what shall make a round that was not begun. */
    private final NavigableMap<Long, SavedPolicy> planned = new TreeMap<>();

    private long openNumber;
    private SavedPolicy openPolicy;
    private CompletableFuture<RolloutJob.Made> open;

    RolloutRounds(RunConfig config, DatasetBuffer dataset, RolloutJob job) {
        this.dataset = Objects.requireNonNull(dataset, "dataset");
        this.job = Objects.requireNonNull(job, "job");
        this.config = Objects.requireNonNull(config, "config");
        buffer = new ModelBuffer(
                dataset.layout(),
                config.rollout().roundShape(),
                config.rollout().roundsKept(),
                config.rollout().overlap());
    }

    ModelBuffer buffer() {
        return buffer;
    }

    /** The number of the last round that can be drawn from; 0 before the first. */
    long last() {
        return policies.isEmpty() ? 0 : policies.lastKey();
    }

    /** Begins to make a round. Only where rounds overlap may the learner draw until it is finished. */
    void begin(long number, SavedPolicy policy) {
        Round round = buffer.openRound(number);
        openNumber = number;
        openPolicy = policy;
        float[] starts = starts(number);
        open = new CompletableFuture<>();
        Thread maker = new Thread(() -> make(round, starts, policy), "round " + number);
        maker.setDaemon(true);
        maker.start();
    }

    /** Keeps what a round is to be made of, for a run that goes on from a checkpoint of this one to more epochs. */
    void plan(long number, SavedPolicy policy) {
        planned.put(number, policy);
    }

    private void make(Round round, float[] starts, SavedPolicy policy) {
        try {
            open.complete(job.run(starts, policy, round));
        } catch (Throwable e) {
            // Of Spark's checked exceptions too, which its methods do not declare.
            open.completeExceptionally(e);
        }
    }

    /** Waits for the round that was begun; it is drawn from now on. */
    RolloutJob.Made finish() {
        RolloutJob.Made made;
        try {
            made = open.join();
        } catch (CompletionException e) {
            buffer.abandonRound();
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        buffer.closeRound();
        policies.put(openNumber, openPolicy);
        long oldest = buffer.closedRounds()[0];
        policies.headMap(oldest).clear();
        return made;
    }

    /** Gives up a round that was begun and not finished. */
    void abandon() {
        if (open != null && !open.isDone()) {
            job.cancel();
            open.exceptionally(ignored -> null).join();
            buffer.abandonRound();
        }
    }

    /** First observations, drawn from all of the dataset's. */
    private float[] starts(long number) {
        int size = dataset.layout().observationSize();
        float[] starts = new float[buffer.shape().starts() * size];
        RandomStream random = RandomStream.of(config.seed(), "starts", number);
        for (int start = 0; start < starts.length; start += size) {
            dataset.readStart(random.nextInt(dataset.starts()), starts, start);
        }
        return starts;
    }

    /** The files that bring the rounds back, as they are kept: the transitions, or the policies that make them again. */
    Map<String, Snapshots.Content> files() {
        Map<String, Snapshots.Content> files = new TreeMap<>();
        policies.forEach((number, policy) -> {
            if (config.checkpoint().rounds() == CheckpointRounds.SAVE) {
                files.put(TRANSITIONS + number + ".npy", out -> buffer.save(number, out));
            }
            files.put(policyFile(number), out -> out.write(policy.toBytes()));
        });
        planned.forEach((number, policy) -> files.put(policyFile(number), out -> out.write(policy.toBytes())));
        return files;
    }

    private static String policyFile(long number) {
        return POLICY + number + POLICY_ENDING;
    }

    /**
     * Brings back what {@link #files} saved.
     *
     * @return what the round after the snapshot's epoch is like, if it is one that is made ahead; else null
     */
    RolloutJob.Made restore(Snapshots snapshots, Snapshots.Snapshot from) throws IOException {
        NavigableMap<Long, SavedPolicy> saved = new TreeMap<>();
        for (String name : from.names()) {
            if (name.startsWith(POLICY)) {
                long number = Long.parseLong(name.substring(POLICY.length(), name.length() - POLICY_ENDING.length()));
                saved.put(number, SavedPolicy.ofBytes(snapshots.read(from, name)));
            }
        }
        RolloutJob.Made made = null;
        for (Map.Entry<Long, SavedPolicy> round : saved.entrySet()) {
            String transitions = TRANSITIONS + round.getKey() + ".npy";
            boolean isAhead = round.getKey() > from.epoch();
            if (!isAhead && from.names().contains(transitions)) {
                buffer.restore(
                        round.getKey(),
                        new ByteArrayInputStream(snapshots.read(from, transitions)),
                        snapshots.path(from, transitions));
                policies.put(round.getKey(), round.getValue());
            } else {
                begin(round.getKey(), round.getValue());
                RolloutJob.Made again = finish();
                made = isAhead ? again : null;
            }
        }
        return made;
    }
}

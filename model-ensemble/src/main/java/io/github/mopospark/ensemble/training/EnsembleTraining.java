package io.github.mopospark.ensemble.training;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.tasks.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Trains members of an ensemble in this JVM. What a member becomes depends on the dataset, the configuration and the seed
 * alone, not on who trains it, on how many threads or in which blocks. May be used by several threads.
 */
public final class EnsembleTraining {
    private final Kernels kernels;
    private final EnsembleConfig config;
    private final Preparation preparation;
    private final TrainingRows training;
    private final TrainingRows holdout;

    /**
     * Standardises the rows.
     *
     * @param kernels what members compute with
     * @param config how they are trained
     * @param preparation what they share, made from the same rows and configuration
     * @param rows the dataset; not kept
     */
    public EnsembleTraining(Kernels kernels, EnsembleConfig config, Preparation preparation, Transitions rows) {
        this.kernels = Objects.requireNonNull(kernels, "kernels");
        this.config = Objects.requireNonNull(config, "config");
        this.preparation = Objects.requireNonNull(preparation, "preparation");
        training =
                TrainingRows.of(kernels, rows, preparation.trainingRows(), preparation.inputs(), preparation.targets());
        holdout =
                TrainingRows.of(kernels, rows, preparation.holdoutRows(), preparation.inputs(), preparation.targets());
    }

    private MemberTraining member(int member, TrainingListener listener) {
        return new MemberTraining(kernels, config, preparation, training, holdout, listener, member);
    }

    /**
     * A member before its first epoch.
     *
     * @param member from 0
     * @return its start
     */
    public MemberState start(int member) {
        return MemberState.start(
                kernels,
                config,
                preparation.inputs(),
                preparation.targets(),
                preparation.seed(),
                Objects.checkIndex(member, config.members()));
    }

    /**
     * All members before their first epoch.
     *
     * @return their starts, in order
     */
    public List<MemberState> start() {
        return IntStream.range(0, config.members()).mapToObj(this::start).toList();
    }

    /**
     * Trains one member on this thread, up to an epoch or until it stops by itself.
     *
     * @param from where it is
     * @param toEpoch how many epochs it shall have
     * @param listener is told of every epoch
     * @return where it is then
     * @throws IllegalArgumentException if it is no member of this ensemble, or was trained with other settings
     * @throws DivergenceException if its loss becomes NaN or infinite
     */
    public MemberState train(MemberState from, int toEpoch, TrainingListener listener) {
        if (from.member() < 0 || from.member() >= config.members()) {
            throw new IllegalArgumentException("member %d is none of this ensemble: ensemble.members = %d are 0 to %d"
                    .formatted(from.member(), config.members(), config.members() - 1));
        }
        return member(from.member(), listener).train(from, toEpoch);
    }

    /**
     * Trains all members on threads of this JVM until the end. Whether it returns or throws, no member is trained any more then
     * and the listener hears no more.
     *
     * @param start where they are
     * @param threads how many train at the same time
     * @param blockEpochs epochs of a block
     * @param listener is told of every epoch
     * @param afterBlock is given the members after each block, to save them
     * @return the members at the end, in order
     * @throws IllegalArgumentException if {@code threads} or {@code blockEpochs} is less than 1
     * @throws DivergenceException if a loss becomes NaN or infinite
     */
    public List<MemberState> train(
            List<MemberState> start,
            int threads,
            int blockEpochs,
            TrainingListener listener,
            Consumer<List<MemberState>> afterBlock) {
        if (threads < 1) {
            throw new IllegalArgumentException("ensemble.threads must be at least 1, but was %d".formatted(threads));
        }
        TrainingListener oneAtATime = new TrainingListener() {
            @Override
            public synchronized void epochDone(int member, int epoch, double trainingLoss, double holdoutError) {
                listener.epochDone(member, epoch, trainingLoss, holdoutError);
            }
        };
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            return TrainingSchedule.run(
                    config,
                    start,
                    blockEpochs,
                    (members, toEpoch) -> onThreads(executor, members, toEpoch, oneAtATime),
                    afterBlock);
        } finally {
            end(executor);
        }
    }

    /** A thread that trains goes on to its epoch's end, even if interrupted. */
    private static void end(ExecutorService executor) {
        executor.shutdownNow();
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                executor.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Epoch by epoch, each member's next one after its last: so two threads share seven members evenly. */
    private List<MemberState> onThreads(
            ExecutorService executor, List<MemberState> members, int toEpoch, TrainingListener listener) {
        List<CompletableFuture<MemberState>> futures = new ArrayList<>();
        for (MemberState member : members) {
            CompletableFuture<MemberState> future = CompletableFuture.completedFuture(member);
            for (int epoch = member.epoch() + 1; epoch <= toEpoch; epoch++) {
                int next = epoch;
                future = future.thenApplyAsync(state -> train(state, next, listener), executor);
            }
            futures.add(future);
        }
        List<MemberState> trained = new ArrayList<>();
        try {
            for (CompletableFuture<MemberState> future : futures) {
                trained.add(future.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the training was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DivergenceException divergence) {
                throw divergence;
            }
            throw new IllegalStateException(
                    "a member's training failed: " + e.getCause().getMessage(), e.getCause());
        }
        return trained;
    }

    /**
     * Makes the ensemble of the members' best weights.
     *
     * @param members where all members are, in order
     * @param config how they were trained
     * @param inputs what their inputs were standardised by
     * @param task what they are a model of
     * @param datasetChecksum tells the dataset that they were trained on
     * @return the trained ensemble
     * @throws IllegalArgumentException if a member was never trained, or something does not fit
     */
    public static Ensemble ensemble(
            List<MemberState> members, EnsembleConfig config, Scaler inputs, Task task, String datasetChecksum) {
        for (MemberState member : members) {
            if (member.bestEpoch() < 1) {
                throw new IllegalArgumentException(
                        "member %d must have been trained for at least 1 epoch, but was for 0"
                                .formatted(member.member()));
            }
        }
        double[] errors = members.stream().mapToDouble(MemberState::bestError).toArray();
        return new Ensemble(
                task,
                config,
                inputs,
                members.stream().map(MemberState::best).toList(),
                elites(errors, config.elites()),
                errors,
                datasetChecksum);
    }

    /**
     * The members that draw samples: those with the lowest holdout errors.
     *
     * @param errors each member's
     * @param elites how many
     * @return their numbers, the best first; of equal ones the lower number
     */
    public static int[] elites(double[] errors, int elites) {
        return IntStream.range(0, errors.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer member) -> errors[member])
                        .thenComparing(member -> member))
                .mapToInt(Integer::intValue)
                .limit(elites)
                .toArray();
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.EnsembleSettings;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.ensemble.training.TrainingListener;
import io.github.mopospark.ensemble.training.TrainingSchedule;
import io.github.mopospark.networks.kernels.Kernels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the members of an ensemble in parallel. Each member goes through a block of epochs in tasks of its own, one after the
 * other, and the tasks of all members share the executors: seven members on two cores leave neither idle, where seven tasks of
 * a block each would leave one at its end. A task that is lost is run again by Spark from where the one before it ended.
 */
final class EnsembleJob implements MemberTrainer {
    /** A task should take so long that sending a member there and back does not count. */
    private static final double TASK_SECONDS = 2;

    private static final long STOP_SECONDS = 60;
    private static final Logger LOG = LoggerFactory.getLogger(EnsembleJob.class);

    private final JavaSparkContext context;
    private final EnsembleSettings settings;
    private final Broadcast<? extends TrainingPlan> plan;
    private final Kernels kernels;
    private final Preparation preparation;
    private final Broadcast<SharedPreparation> shared;

    /**
     * A job.
     *
     * @param context Spark's
     * @param settings how members are trained
     * @param kernels of the driver, for the members' starts
     * @param plan where rows are and what computes
     * @param preparation what members share, made once by the driver
     */
    EnsembleJob(
            JavaSparkContext context,
            EnsembleSettings settings,
            Kernels kernels,
            Broadcast<? extends TrainingPlan> plan,
            Preparation preparation) {
        this.context = Objects.requireNonNull(context, "context");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.plan = Objects.requireNonNull(plan, "plan");
        this.kernels = Objects.requireNonNull(kernels, "kernels");
        this.preparation = Objects.requireNonNull(preparation, "preparation");
        shared = context.broadcast(SharedPreparation.of(preparation));
    }

    @Override
    public Scaler inputs() {
        return preparation.inputs();
    }

    @Override
    public List<MemberState> start() {
        return IntStream.range(0, settings.config().members())
                .mapToObj(member -> MemberState.start(
                        kernels,
                        settings.config(),
                        preparation.inputs(),
                        preparation.targets(),
                        preparation.seed(),
                        member))
                .toList();
    }

    @Override
    public List<MemberState> train(
            List<MemberState> start, TrainingListener listener, Consumer<List<MemberState>> afterBlock) {
        ExecutorService drivers = Executors.newFixedThreadPool(settings.config().members());
        try {
            return TrainingSchedule.run(
                    settings.config(),
                    start,
                    settings.blockEpochs(),
                    (members, toEpoch) -> trainBlock(drivers, members, toEpoch, listener),
                    afterBlock);
        } finally {
            stop(drivers);
            shared.destroy();
        }
    }

    private List<MemberState> trainBlock(
            ExecutorService drivers, List<MemberState> members, int toEpoch, TrainingListener listener) {
        CompletionService<MemberState> completion = new ExecutorCompletionService<>(drivers);
        for (MemberState member : members) {
            completion.submit(() -> trainMember(member, toEpoch, listener));
        }
        List<MemberState> trained = new ArrayList<>();
        try {
            // Whichever ends first, so that a failure is not heard of after the others.
            while (trained.size() < members.size()) {
                trained.add(completion.take().get());
            }
            trained.sort(Comparator.comparingInt(MemberState::member));
            return trained;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the training of the ensemble was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Where a member has failed, what the others still do is for nothing. */
    private void stop(ExecutorService drivers) {
        drivers.shutdownNow();
        try {
            // Until none can begin another job.
            if (!drivers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a member's thread does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        context.sc().cancelJobGroup(group());
    }

    /** Several runs may share a context. */
    private String group() {
        return "ensemble of run " + plan.value().run();
    }

    /** Task after task; the result does not depend on how many epochs a task has, so they may follow the clock. */
    private MemberState trainMember(MemberState start, int toEpoch, TrainingListener listener) {
        MemberState member = start;
        int epochs = 1;
        while (member.epoch() < toEpoch && !member.stopped()) {
            int to = Math.min(member.epoch() + epochs, toEpoch);
            context.setJobGroup(
                    group(), "ensemble: member %d, epochs %d to %d".formatted(member.member(), member.epoch() + 1, to));
            EpochsTask task = new EpochsTask(plan, shared, MemberBytes.of(member), to);
            EpochsTask.Result result = context.parallelize(List.of(task), 1)
                    .map(EpochsTask::run)
                    .first()
                    .orThrow();
            synchronized (listener) {
                result.tell(listener);
            }
            epochs = Math.max(1, (int) (TASK_SECONDS * (to - member.epoch()) / result.seconds()));
            member = result.member().state();
        }
        return member;
    }
}

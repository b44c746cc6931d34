package io.github.mopospark.ensemble.training;

import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.EnsembleConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Trains all members in blocks of epochs and stops them as the configured rule says. Where blocks are run is another's
 * matter: on threads of this JVM, or as tasks of a cluster.
 */
public final class TrainingSchedule {
    /** What trains members. */
    @FunctionalInterface
    public interface Block {
        /**
         * Trains members up to an epoch, or until they stop by themselves.
         *
         * @param members where they are
         * @param toEpoch how many epochs they shall have
         * @return where they are then, in the same order
         */
        List<MemberState> train(List<MemberState> members, int toEpoch);
    }

    private TrainingSchedule() {}

    /**
     * Trains until the last epoch, or until the rule stops all.
     *
     * @param config how
     * @param start where members are: at the start, or between two blocks
     * @param blockEpochs epochs of a block, at least 1; the result does not depend on it
     * @param block what trains
     * @param afterBlock is given the members after each block, to save them
     * @return the members at the end
     */
    public static List<MemberState> run(
            EnsembleConfig config,
            List<MemberState> start,
            int blockEpochs,
            Block block,
            Consumer<List<MemberState>> afterBlock) {
        if (blockEpochs < 1) {
            throw new IllegalArgumentException(
                    "ensemble.block-epochs must be at least 1, but was %d".formatted(blockEpochs));
        }
        List<MemberState> members = start;
        for (int epoch = epoch(members); epoch < config.maxEpochs() && !areStopped(members); epoch = epoch(members)) {
            // Blocks end at multiples, wherever the start is.
            int toEpoch = Math.min((epoch / blockEpochs + 1) * blockEpochs, config.maxEpochs());
            List<MemberState> before = members;
            members = trainOn(before, block, toEpoch);
            OptionalInt stop = config.earlyStopping() == EarlyStopping.ENSEMBLE
                    ? StoppingRule.stop(members.stream().map(MemberState::curve).toList())
                    : OptionalInt.empty();
            if (stop.isPresent()) {
                return endAfter(before, members, block, stop.getAsInt());
            }
            afterBlock.accept(members);
        }
        return members;
    }

    private static boolean areStopped(List<MemberState> members) {
        return members.stream().allMatch(MemberState::stopped);
    }

    /** How far those are that go on. */
    private static int epoch(List<MemberState> members) {
        return members.stream()
                .filter(member -> !member.stopped())
                .mapToInt(MemberState::epoch)
                .min()
                .orElse(0);
    }

    /** Trains those that have something to do. */
    private static List<MemberState> trainOn(List<MemberState> members, Block block, int toEpoch) {
        List<MemberState> active = members.stream()
                .filter(member -> !member.stopped() && member.epoch() < toEpoch)
                .toList();
        List<MemberState> trained = block.train(active, toEpoch);
        List<MemberState> result = new ArrayList<>(members);
        for (MemberState member : trained) {
            for (int i = 0; i < result.size(); i++) {
                if (result.get(i).member() == member.member()) {
                    result.set(i, member);
                }
            }
        }
        return List.copyOf(result);
    }

    /**
     * The members as if all had stopped after an epoch inside the last block. One that went further is trained again from
     * before the block: that is the same to the bit and saves keeping all that is learned after every epoch.
     */
    private static List<MemberState> endAfter(
            List<MemberState> before, List<MemberState> members, Block block, int epoch) {
        List<MemberState> again = new ArrayList<>();
        List<MemberState> kept = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).epoch() <= epoch) {
                kept.add(members.get(i));
            } else {
                again.add(before.get(i));
            }
        }
        if (!again.isEmpty()) {
            kept.addAll(block.train(again, epoch));
        }
        kept.sort(Comparator.comparingInt(MemberState::member));
        return List.copyOf(kept);
    }
}

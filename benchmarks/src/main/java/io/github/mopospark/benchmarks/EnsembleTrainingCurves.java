package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.ensemble.TargetUnits;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.MemberCheckpoint;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.ensemble.training.TrainingListener;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Trains an ensemble with the paper's settings for a number of epochs, early stopping off, and writes each member's holdout
 * error after each epoch. Saves the members after each block and goes on from there when it is started again.
 */
public final class EnsembleTrainingCurves {
    private static final int BLOCK_EPOCHS = 5;
    static final long SEED = 0;

    private EnsembleTrainingCurves() {}

    /**
     * Trains.
     *
     * @param arguments the HDF5 file; off, normalise or bound, perhaps with {@code -standardised}; epochs; threads; a folder
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Transitions rows = RecordedFile.read(Path.of(arguments[0]));
        String setting = arguments[1];
        int threads = Integer.parseInt(arguments[3]);
        Path folder = Files.createDirectories(Path.of(arguments[4]));
        Path saved = folder.resolve(setting + ".members");
        Path curves = folder.resolve(setting + ".csv");
        EnsembleConfig config = config(setting).withEpochs(Integer.parseInt(arguments[2]), EarlyStopping.NONE);
        CpuKernels kernels = CpuKernels.fastest();
        Preparation preparation = Preparation.of(rows, config, SEED);
        EnsembleTraining training = new EnsembleTraining(kernels, config, preparation, rows);
        System.out.printf("%s, %s, %d rows%n", kernels.description(), config, rows.rows());
        List<MemberState> start = Files.exists(saved) ? read(saved, config.members()) : training.start();
        long[] last = {System.nanoTime()};
        training.train(start, threads, BLOCK_EPOCHS, TrainingListener.NONE, members -> {
            try {
                rewrite(curves, setting, members);
                write(saved, members);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            long now = System.nanoTime();
            System.out.printf(
                    Locale.ROOT,
                    "epoch %d: %.5f, %.1f s an epoch%n",
                    members.get(0).epoch(),
                    meanOfBest(members, config.elites()),
                    (now - last[0]) / 1e9 / BLOCK_EPOCHS);
            last[0] = now;
        });
    }

    static EnsembleConfig config(String setting) {
        EnsembleConfig config = EnsembleConfig.paper();
        if (setting.endsWith("-standardised")) {
            config = config.withTargetUnits(TargetUnits.STANDARDISED);
        }
        return switch (setting.split("-", -1)[0]) {
            case "off" -> config;
            case "normalise" -> config.withLipschitz(Lipschitz.normalise());
            case "bound" -> config.withLipschitz(Lipschitz.bound(4));
            default -> throw new IllegalArgumentException(setting + " must be off, normalise or bound");
        };
    }

    private static double meanOfBest(List<MemberState> members, int elites) {
        double[] errors = members.stream()
                .mapToDouble(member -> member.curve()[member.epoch() - 1])
                .sorted()
                .limit(elites)
                .toArray();
        double sum = 0;
        for (double error : errors) {
            sum += error;
        }
        return sum / errors.length;
    }

    /** The members as they were saved last. */
    static List<MemberState> read(Path saved, int count) throws IOException {
        List<MemberState> members = new ArrayList<>();
        for (int member = 0; member < count; member++) {
            Path file = saved.resolve("member-%d.npz".formatted(member));
            try (InputStream in = Files.newInputStream(file)) {
                members.add(MemberCheckpoint.read(in, file.toString()));
            }
        }
        return members;
    }

    private static void write(Path saved, List<MemberState> members) throws IOException {
        Path aside = Files.createDirectories(saved.resolveSibling(saved.getFileName() + ".new"));
        for (MemberState member : members) {
            try (OutputStream out = Files.newOutputStream(aside.resolve("member-%d.npz".formatted(member.member())))) {
                MemberCheckpoint.write(out, member);
            }
        }
        if (Files.exists(saved)) {
            for (MemberState member : members) {
                Files.delete(saved.resolve("member-%d.npz".formatted(member.member())));
            }
            Files.delete(saved);
        }
        Files.move(aside, saved, StandardCopyOption.ATOMIC_MOVE);
    }

    /** All epochs so far, so that nothing is missing after an interrupt. */
    private static void rewrite(Path curves, String setting, List<MemberState> members) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (MemberState member : members) {
            for (int epoch = 1; epoch <= member.epoch(); epoch++) {
                lines.append("%s,%d,%d,%s%n".formatted(setting, member.member(), epoch, member.curve()[epoch - 1]));
            }
        }
        Files.writeString(curves, lines);
    }
}

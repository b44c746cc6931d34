package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.dl4j.MemberGraph;
import io.github.mopospark.dl4j.ModelZip;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.HoldoutError;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Puts members that were networks of DL4J back into their ensemble. Those whose weights have changed are measured again, on the
 * rows that the ensemble's training held out, and elites are chosen anew.
 */
public final class MemberImport {
    private static final Pattern MEMBER = Pattern.compile("member-(\\d{1,4})\\.zip");

    /** What is measured again of the same weights differs in rounding at most. */
    private static final double SAME = 1e-3;

    private final Storage storage;
    private final Ensemble ensemble;

    /**
     * An import.
     *
     * @param storage the file systems
     * @param ensemble whose members they were
     */
    public MemberImport(Storage storage, Ensemble ensemble) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.ensemble = Objects.requireNonNull(ensemble, "ensemble");
    }

    /**
     * The name of a member's file.
     *
     * @param member which, from 0
     * @return its name in a folder of them
     */
    public static String fileName(int member) {
        return "member-%d.zip".formatted(member);
    }

    /**
     * Reads members.
     *
     * @param folder holds a file for each of them, named as {@link #fileName} says; members that have none stay as they are
     * @return the ensemble's members
     * @throws IllegalArgumentException if there are none, or one is no such member's network
     * @throws IOException if they cannot be read
     */
    public List<MemberWeights> read(Path folder) throws IOException {
        List<MemberWeights> members = new ArrayList<>(ensemble.members());
        TreeSet<Integer> found = new TreeSet<>();
        for (FileStatus file : files(folder)) {
            Matcher name = MEMBER.matcher(file.getPath().getName());
            if (name.matches()) {
                int member = Integer.parseInt(name.group(1));
                if (member >= members.size()) {
                    throw new IllegalArgumentException("%s: the ensemble has no such member, only 0 to %d"
                            .formatted(file.getPath(), members.size() - 1));
                }
                ModelZip zip = ModelZip.read(
                        storage.readFully(file.getPath()), file.getPath().toString());
                members.set(member, MemberGraph.read(zip, ensemble));
                found.add(member);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("%s: holds no members; they are files called %s, %s and so on"
                    .formatted(folder, fileName(0), fileName(1)));
        }
        return members;
    }

    private FileStatus[] files(Path folder) throws IOException {
        Path path = storage.qualified(folder);
        try {
            return storage.of(path).listStatus(path);
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("%s: does not exist".formatted(path), e);
        }
    }

    /**
     * Which members are others than the ensemble's.
     *
     * @param members as they were read
     * @return their numbers
     */
    public List<Integer> changed(List<MemberWeights> members) {
        List<Integer> changed = new ArrayList<>();
        for (int member = 0; member < members.size(); member++) {
            MemberWeights before = ensemble.members().get(member);
            MemberWeights now = members.get(member);
            if (!Arrays.equals(before.parameters(), now.parameters())
                    || !Arrays.equals(before.bounds(), now.bounds())) {
                changed.add(member);
            }
        }
        return changed;
    }

    /**
     * The ensemble of changed members.
     *
     * @param members as they were read
     * @param data the folder of the dataset that the ensemble was trained on
     * @param seed of the run that it was trained in, which tells the held-out rows
     * @return the ensemble with these members, their errors and the elites by them
     * @throws IllegalArgumentException if it is another dataset, or on the rows that the seed holds out the ensemble's errors are others than they were
     * @throws IOException if the dataset cannot be read
     */
    public Ensemble of(List<MemberWeights> members, Path data, long seed) throws IOException {
        DatasetFolder folder = new DatasetFolder(storage, data);
        TrainingDataset dataset = new TrainingDataset(folder, folder.open());
        if (!dataset.checksum().equals(ensemble.datasetChecksum())) {
            throw new IllegalArgumentException(
                    "--data: %s is not the dataset that the ensemble was trained on, or was converted otherwise"
                            .formatted(folder.path()));
        }
        Transitions rows = folder.read();
        Preparation preparation = Preparation.of(rows, ensemble.config(), seed);
        HoldoutError error = new HoldoutError(
                CpuKernels.fastest(), ensemble.shape(), ensemble.scaler(), rows, preparation.holdoutRows());
        double[] errors = ensemble.holdoutErrors().clone();
        for (int member = 0; member < errors.length; member++) {
            float before = error.of(ensemble.members().get(member));
            if (!(Math.abs(before - errors[member]) <= SAME * errors[member])) {
                throw new IllegalArgumentException(
                        "--seed: member %d of the ensemble has an error of %s on the rows that seed %d holds out, but had %s when it was trained; give the seed of that run"
                                .formatted(member, before, seed, errors[member]));
            }
        }
        for (int member : changed(members)) {
            float measured = error.of(members.get(member));
            if (!Float.isFinite(measured)) {
                throw new IllegalArgumentException("%s: its error on the held-out rows is %s, but must be finite"
                        .formatted(fileName(member), measured));
            }
            errors[member] = measured;
        }
        return new Ensemble(
                ensemble.task(),
                ensemble.config(),
                ensemble.scaler(),
                members,
                EnsembleTraining.elites(errors, ensemble.config().elites()),
                errors,
                ensemble.datasetChecksum());
    }
}

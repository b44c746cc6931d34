package io.github.mopospark.ensemble.training;

import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.networks.Adam;
import io.github.mopospark.networks.SpectralNorm;
import io.github.mopospark.networks.saving.Counts;
import io.github.mopospark.networks.saving.NpyArray;
import io.github.mopospark.networks.saving.NpzFile;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A member between two epochs as an {@code .npz} file. All its numbers are floats, so that none is changed. */
public final class MemberCheckpoint {
    private static final int VERSION = 1;

    private MemberCheckpoint() {}

    /**
     * Writes a member.
     *
     * @param out takes it; not closed
     * @param state the member
     * @throws IOException if it cannot be written
     */
    public static void write(OutputStream out, MemberState state) throws IOException {
        Map<String, NpyArray> arrays = new TreeMap<>();
        MemberProgress progress = state.progress();
        float[] counts = new float[7];
        counts[0] = VERSION;
        counts[1] = state.member();
        counts[2] = state.bestEpoch();
        counts[3] = state.stopped() ? 1 : 0;
        Counts.put(progress.adam().steps(), counts, 4);
        counts[6] = progress.spectralNorms().size();
        put(arrays, "counts", counts);
        put(arrays, "curve", state.curve());
        put(arrays, "parameters", progress.parameters());
        put(arrays, "first_moment", progress.adam().firstMoment());
        put(arrays, "second_moment", progress.adam().secondMoment());
        put(arrays, "bounds", progress.bounds());
        put(arrays, "bounds_first_moment", progress.boundsAdam().firstMoment());
        put(arrays, "bounds_second_moment", progress.boundsAdam().secondMoment());
        put(arrays, "best_parameters", state.best().parameters());
        put(arrays, "best_bounds", state.best().bounds());
        for (int layer = 0; layer < progress.spectralNorms().size(); layer++) {
            SpectralNorm.State norm = progress.spectralNorms().get(layer);
            put(arrays, "left" + layer, norm.left());
            put(arrays, "right" + layer, norm.right());
            put(arrays, "norm" + layer, norm.value());
        }
        NpzFile.write(out, arrays);
    }

    private static void put(Map<String, NpyArray> arrays, String name, float... numbers) {
        arrays.put(name, new NpyArray(new int[] {numbers.length}, numbers));
    }

    /**
     * Reads a member.
     *
     * @param in holds it; not closed
     * @param file what messages call it
     * @return the member; that it fits a configuration is checked when its training goes on
     * @throws SavedDataException if it is no such file, damaged, or of another version
     * @throws IOException if it cannot be read
     */
    public static MemberState read(InputStream in, String file) throws IOException {
        NpzFile arrays = NpzFile.read(in, file);
        float[] version = arrays.array("counts").values();
        if (version.length == 0 || version[0] != VERSION) {
            throw new SavedDataException("%s: its version is %s, but this program reads %d"
                    .formatted(file, version.length == 0 ? "missing" : "%.0f".formatted(version[0]), VERSION));
        }
        float[] counts = arrays.finiteValues("counts", 7);
        long steps = Counts.get(counts, 4, file + ": counts");
        float[] curve = values(arrays, file, "curve");
        int bestEpoch = (int) counts[2];
        if (bestEpoch < 0 || bestEpoch > curve.length) {
            throw new SavedDataException("%s: the best epoch must be from 0 to the %d of its curve, but is %d"
                    .formatted(file, curve.length, bestEpoch));
        }
        List<SpectralNorm.State> norms = new ArrayList<>();
        for (int layer = 0; layer < (int) counts[6]; layer++) {
            norms.add(new SpectralNorm.State(
                    values(arrays, file, "left" + layer),
                    values(arrays, file, "right" + layer),
                    arrays.finiteValues("norm" + layer, 1)[0]));
        }
        MemberProgress progress = new MemberProgress(
                values(arrays, file, "parameters"),
                new Adam.State(steps, values(arrays, file, "first_moment"), values(arrays, file, "second_moment")),
                values(arrays, file, "bounds"),
                new Adam.State(
                        steps,
                        values(arrays, file, "bounds_first_moment"),
                        values(arrays, file, "bounds_second_moment")),
                List.copyOf(norms));
        MemberWeights best =
                new MemberWeights(values(arrays, file, "best_parameters"), values(arrays, file, "best_bounds"));
        return new MemberState((int) counts[1], curve, progress, bestEpoch, best, counts[3] == 1);
    }

    private static float[] values(NpzFile arrays, String file, String name) {
        NpyArray array = arrays.array(name);
        array.requireFinite(file + ": " + name);
        return array.values();
    }
}

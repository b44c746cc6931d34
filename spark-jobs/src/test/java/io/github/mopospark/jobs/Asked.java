package io.github.mopospark.jobs;

import io.github.mopospark.conversion.preparation.Boundary;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.tasks.JumpReward;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** What a test asks of {@link ConvertJob}: everything as the command's defaults have it, but for what the test sets. */
final class Asked {
    private final List<String> inputs;
    private final String output;
    private String task;
    private Preparation preparation = Preparation.defaults();
    private boolean merge;
    private Long maxEpisodes;
    private Double topFraction;
    private Long sample;
    private long seed;
    private int slices;
    private boolean overwrite;

    private Asked(List<String> inputs, String output) {
        this.inputs = inputs;
        this.output = output;
    }

    static Asked convert(Path output, Path... inputs) {
        return convert(
                output.toString(), Arrays.stream(inputs).map(Path::toString).toArray(String[]::new));
    }

    static Asked convert(String output, String... inputs) {
        return new Asked(List.of(inputs), output);
    }

    Asked task(String name) {
        task = name;
        return this;
    }

    Asked boundary(String text) {
        preparation = new Preparation(
                Boundary.parse(text), preparation.relabel(), preparation.speedCap(), preparation.dropNonfinite());
        return this;
    }

    Asked relabel(String name) {
        preparation = new Preparation(preparation.boundary(), name, JumpReward.SpeedCap.MIN, false);
        return this;
    }

    Asked dropNonfinite() {
        preparation = new Preparation(preparation.boundary(), preparation.relabel(), preparation.speedCap(), true);
        return this;
    }

    Asked merge() {
        merge = true;
        return this;
    }

    Asked maxEpisodes(long count) {
        maxEpisodes = count;
        return this;
    }

    Asked topFraction(double share) {
        topFraction = share;
        return this;
    }

    Asked sample(long count, long seedOfDraw) {
        sample = count;
        seed = seedOfDraw;
        return this;
    }

    Asked slices(int count) {
        slices = count;
        return this;
    }

    Asked overwrite() {
        overwrite = true;
        return this;
    }

    ConvertOptions options() {
        return new ConvertOptions(
                inputs, output, task, preparation, merge, maxEpisodes, topFraction, sample, seed, slices, overwrite);
    }

    List<ConvertJob.Result> run(JavaSparkContext context) throws IOException {
        return new ConvertJob(context, options(), new PrintWriter(new StringWriter()), false).run();
    }
}

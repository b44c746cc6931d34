package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.tasks.Tasks;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The dataset that a run learns from.
 *
 * @param folder where it lies
 * @param manifest what it holds
 */
record TrainingDataset(DatasetFolder folder, Manifest manifest) {
    private static final Pattern CHOICE = Pattern.compile("--(boundary|relabel) ([\\w:-]+)");

    /** Finds the configured dataset; an HDF5 file is converted into the run's folder, unless it was before. */
    static TrainingDataset of(
            JavaSparkContext context, RunConfig config, RunFolder run, PrintWriter out, boolean onTerminal)
            throws IOException {
        Storage storage = run.storage();
        Path data = new Path(config.data());
        boolean isFile = false;
        boolean isFolder = false;
        try {
            isFolder = storage.of(data).getFileStatus(data).isDirectory();
            isFile = !isFolder;
        } catch (FileNotFoundException e) {
            // A run that has converted it needs it no more.
            if (run.dataset().manifest().isEmpty()) {
                throw new DatasetException("data: %s does not exist".formatted(config.data()), e);
            }
        } catch (IOException e) {
            throw new DatasetException(
                    "data: %s cannot be read (%s); give an HDF5 file or the folder of a dataset that can"
                            .formatted(config.data(), e.getMessage()),
                    e);
        }
        DatasetFolder folder = isFolder ? new DatasetFolder(storage, data) : run.dataset();
        if (isFile) {
            convert(context, config, folder, out, onTerminal);
        }
        TrainingDataset dataset = new TrainingDataset(folder, folder.open());
        dataset.shape().requireFit(Tasks.named(config.task()));
        return dataset;
    }

    private static void convert(
            JavaSparkContext context, RunConfig config, DatasetFolder folder, PrintWriter out, boolean onTerminal)
            throws IOException {
        ConvertOptions options = new ConvertOptions(
                List.of(config.data()),
                folder.path().toString(),
                config.conversion().relabelTask().map(DatasetPlan::recordedTask).orElse(config.task()),
                config.conversion(),
                true,
                null,
                null,
                null,
                config.seed(),
                0,
                false);
        for (ConvertJob.Result result : new ConvertJob(context, options, out, onTerminal).run()) {
            if (result instanceof ConvertJob.Refused refused) {
                throw new DatasetException(asSettings(refused.reason()));
            }
        }
    }

    /** The advice of a conversion names its own options; a run has settings of the same names. */
    private static String asSettings(String reason) {
        return CHOICE.matcher(reason)
                .replaceAll("--set conversion.$1=$2")
                .replace("--drop-nonfinite", "--set conversion.drop-nonfinite=true")
                .replace("give --overwrite to replace it", "give the file as it was, or another --output");
    }

    /** How large it is. */
    DataShape shape() {
        return DataShape.of(folder, manifest);
    }

    /** Tells these rows from others: of which files they were made, and how. */
    String checksum() {
        StringBuilder text = new StringBuilder(manifest.choices().toString());
        for (Manifest.Source source : manifest.sources()) {
            text.append('\n').append(source.sha256());
        }
        return HexFormat.of().formatHex(Storage.sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The files it was made of, each with the SHA-256 of its bytes. */
    List<String> sources() {
        return manifest.sources().stream()
                .map(source -> new Path(source.uri()).getName() + " " + source.sha256())
                .toList();
    }

    /** What it is called: after its source. */
    String name() {
        return stem(
                manifest.sources().isEmpty()
                        ? folder.path().getName()
                        : manifest.sources().get(0).uri());
    }

    /** The name of a file without its ending. */
    static String stem(String uri) {
        return new Path(uri).getName().replaceFirst("\\.[^.]*$", "");
    }
}

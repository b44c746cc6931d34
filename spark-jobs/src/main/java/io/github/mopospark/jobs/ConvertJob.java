package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.preparation.Preparation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Converts files of transitions to datasets of Parquet: any number of files in one Spark job. First each file is surveyed in a
 * task of its own (checksum, sizes, episodes), then slices of rows are read, prepared, written and summarised in parallel.
 */
public final class ConvertJob {
    private final JavaSparkContext context;
    private final ConvertOptions options;
    private final Storage storage;
    private final Broadcast<SerializableConfiguration> configuration;
    private final Selection selection;
    private final PrintWriter progressOut;
    private final boolean onTerminal;

    /** What became of one dataset. */
    public sealed interface Result permits Converted, UpToDate, Refused {
        /**
         * The dataset, or the file it was to be made from.
         *
         * @return its URI
         */
        String uri();
    }

    /**
     * A dataset that was written.
     *
     * @param uri its folder
     * @param manifest what it holds
     */
    public record Converted(String uri, Manifest manifest) implements Result {}

    /**
     * A dataset that was there already, from the same files and by the same choices.
     *
     * @param uri its folder
     * @param manifest what it holds
     */
    public record UpToDate(String uri, Manifest manifest) implements Result {}

    /**
     * A dataset that could not be made.
     *
     * @param uri the file, or the dataset's folder
     * @param reason what is wrong, and where
     */
    public record Refused(String uri, String reason) implements Result {}

    /**
     * A job.
     *
     * @param context Spark's
     * @param options what is asked for
     * @param progressOut shows the progress
     * @param onTerminal whether that is a terminal
     */
    public ConvertJob(JavaSparkContext context, ConvertOptions options, PrintWriter progressOut, boolean onTerminal) {
        this.context = Objects.requireNonNull(context, "context");
        this.options = Objects.requireNonNull(options, "options");
        this.progressOut = Objects.requireNonNull(progressOut, "progressOut");
        this.onTerminal = onTerminal;
        this.storage = new Storage(context.hadoopConfiguration());
        this.configuration = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        this.selection = new Selection(options);
    }

    /**
     * Runs. Files that cannot be taken do not keep the others from being converted.
     *
     * @return what became of each dataset, in the order of the files
     * @throws DatasetException if nothing matches the input, or two files would make the same dataset
     * @throws IOException if a file system cannot be reached or written
     */
    public List<Result> run() throws IOException {
        List<String> files = inputs();
        Map<String, DatasetFolder> targets = targets(files);
        Map<String, Result> results = new LinkedHashMap<>();
        try {
            List<DatasetPlan> plans = new ArrayList<>();
            for (DatasetPlan plan : plans(files, targets, results)) {
                Optional<Result> existing = plan.existing();
                if (existing.isPresent()) {
                    results.put(plan.uri(), existing.get());
                } else {
                    plans.add(plan);
                }
            }
            convert(plans, results);
        } finally {
            if (!context.sc().isStopped()) {
                // Else what broke off is told, not what cannot be done any more.
                StagedFiles.ofThisExecutor(context.hadoopConfiguration()).clear();
                configuration.destroy();
            }
        }
        return inOrder(files, targets, results);
    }

    private static List<Result> inOrder(
            List<String> files, Map<String, DatasetFolder> targets, Map<String, Result> results) {
        Map<String, Result> sorted = new LinkedHashMap<>();
        for (String file : files) {
            for (String uri : List.of(file, targets.get(file).path().toString())) {
                if (results.containsKey(uri)) {
                    sorted.put(uri, results.get(uri));
                }
            }
        }
        return List.copyOf(sorted.values());
    }

    private List<String> inputs() throws IOException {
        TreeMap<String, Path> found = new TreeMap<>();
        for (String input : options.inputs()) {
            Path pattern = new Path(input);
            FileSystem system = storage.of(pattern);
            // A name may have brackets of its own.
            FileStatus[] matches = system.exists(pattern)
                    ? new FileStatus[] {system.getFileStatus(pattern)}
                    : system.globStatus(pattern);
            if (matches == null || matches.length == 0) {
                throw new DatasetException("--input " + input + ": no such file");
            }
            for (FileStatus match : matches) {
                if (match.isDirectory()) {
                    throw new DatasetException("--input " + match.getPath()
                            + ": is a folder; give the files in it, as in '" + match.getPath() + "/*.hdf5'");
                }
                found.put(match.getPath().toString(), match.getPath());
            }
        }
        return List.copyOf(found.keySet());
    }

    /** The dataset that each file goes into. */
    private Map<String, DatasetFolder> targets(List<String> files) throws IOException {
        Map<String, DatasetFolder> targets = new LinkedHashMap<>();
        Map<Path, String> taken = new HashMap<>();
        Path output = new Path(options.output());
        for (String file : files) {
            DatasetFolder folder =
                    new DatasetFolder(storage, options.merge() ? output : new Path(output, FileSurvey.stem(file)));
            String other = taken.put(folder.path(), file);
            if (other != null && !options.merge()) {
                throw new DatasetException(
                        "%s and %s would both become %s; convert them to two outputs, or --merge them"
                                .formatted(other, file, folder.path()));
            }
            targets.put(file, folder);
        }
        return targets;
    }

    private List<DatasetPlan> plans(
            List<String> files, Map<String, DatasetFolder> targets, Map<String, Result> results) {
        List<Outcome<FileSurvey>> surveys = survey(files);
        List<DatasetPlan> plans = new ArrayList<>();
        List<FileSurvey> taken = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Outcome<FileSurvey> survey = surveys.get(i);
            if (survey.error() != null) {
                results.put(files.get(i), new Refused(files.get(i), survey.error()));
            } else {
                taken.add(survey.value());
            }
        }
        if (!options.merge()) {
            for (FileSurvey survey : taken) {
                addIfFit(plans, targets.get(survey.uri()), List.of(survey), results);
            }
        } else if (taken.size() == files.size()) {
            addIfFit(plans, targets.get(files.get(0)), taken, results);
        }
        return plans;
    }

    private void addIfFit(
            List<DatasetPlan> plans, DatasetFolder folder, List<FileSurvey> files, Map<String, Result> results) {
        DatasetPlan plan = new DatasetPlan(options, folder, files, folder.freshParts());
        try {
            plan.requireFit();
            plans.add(plan);
        } catch (DatasetException e) {
            results.put(plan.uri(), new Refused(plan.uri(), e.getMessage()));
        }
    }

    private List<Outcome<FileSurvey>> survey(List<String> files) {
        Broadcast<SerializableConfiguration> hadoop = configuration;
        String task = options.task();
        Preparation preparation = options.preparation();
        context.setJobDescription("convert: survey " + files.size() + " files");
        return context.parallelize(files, files.size())
                .map(file -> Outcome.of(() -> FileSurvey.of(
                        file, task, preparation.boundary(), hadoop.value().value())))
                .collect();
    }

    private void convert(List<DatasetPlan> plans, Map<String, Result> results) throws IOException {
        List<List<Slice>> slices =
                plans.stream().map(DatasetPlan::slices).collect(Collectors.toCollection(ArrayList::new));
        select(plans, slices, results);
        try {
            List<Outcome<SliceResult>> written = runSlices("write", plans, slices, true);
            int next = 0;
            for (int i = 0; i < plans.size(); i++) {
                int end = next + slices.get(i).size();
                if (!slices.get(i).isEmpty()) {
                    results.put(plans.get(i).uri(), finish(plans.get(i), slices.get(i), written.subList(next, end)));
                }
                next = end;
            }
        } finally {
            for (DatasetPlan plan : plans) {
                if (!(results.get(plan.uri()) instanceof Converted)) {
                    plan.folder().discard(plan.parts());
                }
            }
        }
    }

    /** Narrows the slices to the rows that are chosen; a plan without any is refused and its slices cleared. */
    private void select(List<DatasetPlan> plans, List<List<Slice>> slices, Map<String, Result> results) {
        if (selection.isEverything()) {
            return;
        }
        List<Outcome<SliceResult>> summaries = List.of();
        if (selection.needsSummaries()) {
            List<List<Slice>> first = slices.stream()
                    .map(own -> own.stream().map(selection::firstEpisodes).toList())
                    .toList();
            summaries = runSlices("survey", plans, first, false);
        }
        int next = 0;
        for (int i = 0; i < plans.size(); i++) {
            int end = next + slices.get(i).size();
            try {
                List<SliceResult> own = summaries.isEmpty() ? List.of() : values(summaries.subList(next, end));
                if (!own.isEmpty()) {
                    // A return of rewards that cannot be taken ranks nothing.
                    plans.get(i).requireUsable(slices.get(i), own);
                }
                slices.set(i, selection.choose(slices.get(i), own, plans.get(i).uri()));
            } catch (DatasetException e) {
                results.put(plans.get(i).uri(), new Refused(plans.get(i).uri(), e.getMessage()));
                slices.set(i, List.of());
            }
            next = end;
        }
    }

    private static List<SliceResult> values(List<Outcome<SliceResult>> outcomes) {
        List<SliceResult> values = new ArrayList<>();
        for (Outcome<SliceResult> outcome : outcomes) {
            if (outcome.error() != null) {
                throw new DatasetException(outcome.error());
            }
            values.add(outcome.value());
        }
        return values;
    }

    /** What a task needs: a slice, its place in the dataset, and where it goes. */
    private record Work(Slice slice, int index, SliceTarget target) implements java.io.Serializable {}

    private List<Outcome<SliceResult>> runSlices(
            String what, List<DatasetPlan> plans, List<List<Slice>> slices, boolean isWriting) {
        List<Work> work = new ArrayList<>();
        long rows = 0;
        for (int i = 0; i < plans.size(); i++) {
            SliceTarget target =
                    isWriting && !slices.get(i).isEmpty() ? plans.get(i).target() : null;
            for (int index = 0; index < slices.get(i).size(); index++) {
                Slice slice = slices.get(i).get(index);
                work.add(new Work(slice, index, target));
                rows += slice.selection().kept() == null
                        ? slice.to() - slice.from()
                        : slice.selection().kept().cardinality();
            }
        }
        if (work.isEmpty()) {
            return List.of();
        }
        LongAccumulator rowsDone = context.sc().longAccumulator("rows");
        LongAccumulator bytesDone = context.sc().longAccumulator("bytes");
        Broadcast<SerializableConfiguration> hadoop = configuration;
        Preparation preparation = options.preparation();
        context.setJobDescription("convert: %s %d slices of %d datasets".formatted(what, work.size(), plans.size()));
        Progress progress = new Progress(progressOut, onTerminal, new RowsDone(what, rows, rowsDone, bytesDone)::line);
        progress.start();
        try {
            return context.parallelize(work, work.size())
                    .map(item -> Outcome.of(() -> new SliceTask(
                                    item.slice(), preparation, hadoop.value().value(), rowsDone, bytesDone)
                            .run(item.target(), item.index())))
                    .collect();
        } finally {
            progress.stop();
        }
    }

    private Result finish(DatasetPlan plan, List<Slice> slices, List<Outcome<SliceResult>> written) throws IOException {
        DatasetSummary summary;
        List<Manifest.Part> parts = new ArrayList<>();
        try {
            List<SliceResult> results = values(written);
            results.forEach(result -> parts.addAll(result.parts()));
            summary = DatasetSummary.of(results);
            plan.requireUsable(slices, results);
        } catch (DatasetException e) {
            return new Refused(plan.uri(), e.getMessage());
        }
        Manifest manifest = plan.manifest(parts, summary);
        plan.folder().publish(manifest);
        return new Converted(plan.uri(), manifest);
    }
}

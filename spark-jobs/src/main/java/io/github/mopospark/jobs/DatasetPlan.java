package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.preparation.Episodes;
import io.github.mopospark.conversion.preparation.Findings;
import io.github.mopospark.conversion.preparation.RowSelection;
import io.github.mopospark.conversion.preparation.SliceReader;
import io.github.mopospark.conversion.preparation.Tally;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One dataset on its way: what is asked for, where it goes, and the files it is made from.
 *
 * @param options what is asked for
 * @param folder where it goes
 * @param files what it is made from, in order
 * @param parts the folder of its parts, in its own
 */
record DatasetPlan(ConvertOptions options, DatasetFolder folder, List<FileSurvey> files, String parts) {
    private static final long DEFAULT_SLICE_ROWS = 250_000;

    private FileSurvey first() {
        return files.get(0);
    }

    String uri() {
        return folder.path().toString();
    }

    private String taskName() {
        String relabel = options.preparation().relabel();
        return relabel == null ? first().task() : Tasks.named(relabel).name();
    }

    /**
     * Refuses files that cannot be one dataset, or whose rewards cannot be relabelled.
     *
     * @throws DatasetException if they are such
     */
    void requireFit() {
        requireOneTask();
        options.preparation().relabelTask().ifPresent(this::requireRelabelable);
    }

    private void requireOneTask() {
        FileSurvey first = first();
        for (FileSurvey file : files) {
            if (file.observationSize() != first.observationSize()
                    || file.actionSize() != first.actionSize()
                    || !Objects.equals(file.task(), first.task())) {
                throw new DatasetException(
                        "--merge: %s is %s with observations of %d and actions of %d numbers, %s is %s with %d and %d; merge %s"
                                .formatted(
                                        first.uri(),
                                        first.task() == null ? "of no known task" : "for the task " + first.task(),
                                        first.observationSize(),
                                        first.actionSize(),
                                        file.uri(),
                                        file.task() == null ? "of no known task" : "for the task " + file.task(),
                                        file.observationSize(),
                                        file.actionSize(),
                                        "files of one task only, or give --task"));
            }
        }
    }

    /** The task whose data a relabelled task is made of. */
    static String recordedTask(Task relabelled) {
        return relabelled.name().substring(0, relabelled.name().indexOf('-'));
    }

    private void requireRelabelable(Task task) {
        FileSurvey file = first();
        if (task.observationSize() != file.observationSize() || task.actionSize() != file.actionSize()) {
            throw new DatasetException(
                    "%s: --relabel %s needs observations of %d and actions of %d numbers, but the file has %d and %d"
                            .formatted(
                                    file.uri(),
                                    task.name(),
                                    task.observationSize(),
                                    task.actionSize(),
                                    file.observationSize(),
                                    file.actionSize()));
        }
        String body = recordedTask(task);
        if (!body.equals(file.task())) {
            throw new DatasetException(
                    "%s: --relabel %s needs data of %s, but the file's task is %s; give --task %s if it is %s data"
                            .formatted(
                                    file.uri(),
                                    task.name(),
                                    body,
                                    file.task() == null ? "unknown" : file.task(),
                                    body,
                                    body));
        }
    }

    /** What to say where a dataset lies already; empty if it is to be written. */
    Optional<ConvertJob.Result> existing() throws IOException {
        if (folder.holdsOtherFiles()) {
            return Optional.of(new ConvertJob.Refused(
                    uri(), uri() + ": holds files that are no dataset's, or is a file; choose another --output"));
        }
        if (options.overwrite()) {
            return Optional.empty();
        }
        try {
            Optional<Manifest> manifest = folder.manifest();
            if (manifest.isEmpty()) {
                return Optional.empty();
            }
            List<Manifest.Source> sources =
                    files.stream().map(FileSurvey::source).toList();
            if (!hashes(manifest.get().sources()).equals(hashes(sources))) {
                return Optional.of(refusedAsExisting("made from other files"));
            }
            if (!manifest.get().choices().equals(options.choices())
                    || !Objects.equals(manifest.get().task(), taskName())) {
                return Optional.of(refusedAsExisting("made with other options"));
            }
            folder.requireParts(manifest.get());
            folder.sweep(manifest.get());
            return Optional.of(new ConvertJob.UpToDate(uri(), manifest.get()));
        } catch (DatasetException e) {
            return Optional.of(refusedAsExisting("not complete: " + e.getMessage()));
        }
    }

    private static List<String> hashes(List<Manifest.Source> sources) {
        return sources.stream().map(Manifest.Source::sha256).toList();
    }

    private ConvertJob.Refused refusedAsExisting(String why) {
        return new ConvertJob.Refused(
                uri(), uri() + ": a dataset is there already, " + why + "; give --overwrite to replace it");
    }

    /** The rows of all files, cut into slices of whole blocks. */
    List<Slice> slices() {
        List<Slice> slices = new ArrayList<>();
        long episodes = 0;
        for (FileSurvey file : files) {
            long blocks = ceilDivide(file.rows(), SliceReader.BLOCK_ROWS);
            long wanted = options.slices() == 0 ? ceilDivide(file.rows(), DEFAULT_SLICE_ROWS) : options.slices();
            long count = Math.min(wanted, blocks);
            for (long i = 0; i < count; i++) {
                long from = i * blocks / count * SliceReader.BLOCK_ROWS;
                long to = Math.min(file.rows(), (i + 1) * blocks / count * SliceReader.BLOCK_ROWS);
                Episodes within = file.episodes().slice(from, to);
                Episodes numbered = new Episodes(
                        episodes + within.firstEpisode(), within.firstRow(), within.ends(), within.reasons());
                slices.add(new Slice(
                        file.uri(),
                        file.sha256(),
                        file.bytes(),
                        file.modified(),
                        from,
                        to,
                        numbered,
                        RowSelection.ALL));
            }
            episodes += file.episodes().count();
        }
        return slices;
    }

    private static long ceilDivide(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /**
     * Makes the folder that the parts go to.
     *
     * @throws DatasetException if it cannot be made
     */
    SliceTarget target() {
        try {
            folder.make(parts);
        } catch (IOException e) {
            throw new DatasetException(
                    uri() + ": cannot be written to (" + e.getMessage() + "); choose another --output", e);
        }
        String sources =
                files.stream().map(file -> file.uri() + " " + file.sha256()).collect(Collectors.joining("\n"));
        Map<String, String> footer =
                DatasetFolder.footer(taskName(), first().observationSize(), first().actionSize(), sources);
        return new SliceTarget(uri(), parts, new LinkedHashMap<>(footer));
    }

    /**
     * Refuses rows that no dataset should hold.
     *
     * @param slices of the dataset
     * @param results of each
     * @throws DatasetException if there are any, or no rows at all
     */
    void requireUsable(List<Slice> slices, List<SliceResult> results) {
        long rows = 0;
        for (FileSurvey file : files) {
            List<SliceResult> own = IntStream.range(0, slices.size())
                    .filter(i -> slices.get(i).uri().equals(file.uri()))
                    .mapToObj(results::get)
                    .toList();
            DatasetSummary summary = DatasetSummary.of(own);
            requireUsable(file.uri(), summary.findings());
            rows += summary.rows();
        }
        if (rows == 0) {
            throw new DatasetException(
                    files.stream().map(FileSurvey::uri).collect(Collectors.joining(", ")) + ": no rows are left");
        }
    }

    private void requireUsable(String name, Findings findings) {
        Tally nonfinite = findings.nonfinite();
        if (nonfinite.count() > 0 && !options.preparation().dropNonfinite()) {
            throw new DatasetException(
                    "%s: %,d rows have a NaN or infinite number, the first is row %,d of /%s; give --drop-nonfinite to %s"
                            .formatted(
                                    name,
                                    nonfinite.count(),
                                    nonfinite.firstRow(),
                                    nonfinite.firstPlace(),
                                    "leave such rows out"));
        }
        Tally outside = findings.actionsOutside();
        if (outside.count() > 0) {
            throw new DatasetException(
                    "%s: %,d rows of /actions are outside [-1, 1], the first is row %,d; rescale the actions to [-1, 1]"
                            .formatted(name, outside.count(), outside.firstRow()));
        }
        if (options.preparation().relabel() != null && findings.withoutNext() > 0) {
            throw new DatasetException(
                    "%s: --relabel %s needs the next observation of every row, but %,d rows have none recorded"
                            .formatted(name, options.preparation().relabel(), findings.withoutNext()));
        }
    }

    /** The task by whose returns episodes are scored; none for a sample of rows, whose sums are no returns. */
    private Task scored(String task) {
        return task == null || options.sample() != null ? null : Tasks.named(task);
    }

    /**
     * What the dataset's manifest says.
     *
     * @param written its parts, in order
     */
    Manifest manifest(List<Manifest.Part> written, DatasetSummary summary) {
        int observationSize = first().observationSize();
        int actionSize = first().actionSize();
        String task = taskName();
        return new Manifest(
                Manifest.VERSION,
                task,
                observationSize,
                actionSize,
                summary.rows(),
                written,
                files.stream().map(FileSurvey::source).toList(),
                options.choices(),
                summary.findings(),
                summary.statistics(scored(task), observationSize, actionSize));
    }
}

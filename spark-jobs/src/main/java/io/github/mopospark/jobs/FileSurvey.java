package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.conversion.preparation.Boundary;
import io.github.mopospark.conversion.preparation.Episodes;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What the driver must know of a file before its rows are read.
 *
 * @param uri where it is
 * @param bytes its size
 * @param modified when it was changed last, in milliseconds
 * @param sha256 of its bytes
 * @param layout of the file
 * @param rows rows in it
 * @param observationSize numbers in an observation
 * @param actionSize numbers in an action
 * @param skippedKeys datasets that are not converted
 * @param task the name of its task; null if unknown
 * @param episodes where they begin and end
 */
record FileSurvey(
        String uri,
        long bytes,
        long modified,
        String sha256,
        TransitionFile.Layout layout,
        long rows,
        int observationSize,
        int actionSize,
        ArrayList<String> skippedKeys,
        String task,
        Episodes episodes)
        implements Serializable {

    /** Given for {@code --task} where a dataset is to have none. */
    static final String NO_TASK = "none";

    /**
     * Surveys a file.
     *
     * @param uri the file
     * @param taskName the task's name; {@link #NO_TASK} for none; null to take it from the file's name
     * @throws DatasetException if the file cannot be read or taken
     */
    static FileSurvey of(String uri, String taskName, Boundary boundary, Configuration configuration) {
        try {
            return read(uri, taskName, boundary, configuration);
        } catch (IOException e) {
            // One file that cannot be read must not keep the others from being converted.
            throw new DatasetException(uri + ": cannot be read (" + e + ")", e);
        }
    }

    private static FileSurvey read(String uri, String taskName, Boundary boundary, Configuration configuration)
            throws IOException {
        FileStatus status = new Storage(configuration).of(new Path(uri)).getFileStatus(new Path(uri));
        StagedFiles.Opened opened = StagedFiles.ofThisExecutor(configuration).open(uri);
        try (TransitionFile file = opened.file()) {
            Task task = task(uri, taskName, file);
            return new FileSurvey(
                    uri,
                    status.getLen(),
                    status.getModificationTime(),
                    opened.sha256(),
                    file.layout(),
                    file.rows(),
                    file.observationSize(),
                    file.actionSize(),
                    new ArrayList<>(file.skippedKeys()),
                    task == null ? null : task.name(),
                    Episodes.of(file, uri, boundary, task == null ? 0 : task.timeLimit()));
        }
    }

    private static Task task(String uri, String name, TransitionFile file) {
        if (NO_TASK.equals(name)) {
            return null;
        }
        Task task = name == null ? namedLike(stem(uri), file.observationSize()) : Tasks.named(name);
        if (task != null
                && (task.observationSize() != file.observationSize() || task.actionSize() != file.actionSize())) {
            throw new DatasetException(
                    "%s: the task %s%s has observations of %d and actions of %d numbers, but the file has %d and %d; give %s"
                            .formatted(
                                    uri,
                                    task.name(),
                                    name == null ? ", taken from the file's name," : "",
                                    task.observationSize(),
                                    task.actionSize(),
                                    file.observationSize(),
                                    file.actionSize(),
                                    "--task NAME, or --task none"));
        }
        return task;
    }

    /** The task whose name a file's name begins with; of ant's two, the one whose observations have the file's size. */
    private static Task namedLike(String stem, int observationSize) {
        String lower = stem.toLowerCase(Locale.ROOT);
        List<Task> longestFirst = Tasks.all().stream()
                .filter(task -> lower.matches(Pattern.quote(task.name()) + "([-_.].*)?"))
                .sorted(Comparator.comparingInt((Task task) -> -task.name().length()))
                .toList();
        if (longestFirst.isEmpty()) {
            return null;
        }
        Task task = longestFirst.get(0);
        Task withContactForces = Tasks.named("ant-contact");
        return task.name().equals("ant") && observationSize == withContactForces.observationSize()
                ? withContactForces
                : task;
    }

    /** The file's name without its ending. */
    static String stem(String uri) {
        String name = new Path(uri).getName();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    Manifest.Source source() {
        return new Manifest.Source(uri, sha256, bytes, layout.name().toLowerCase(Locale.ROOT), rows, skippedKeys);
    }
}

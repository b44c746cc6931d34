package io.github.mopospark.jobs;

import static io.github.mopospark.jobs.RowsAssert.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.cluster.JavaProcess;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged program is killed while it converts; the dataset is the old one or the new one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledConversionIT {
    private static final int SLICES = 16;

    private Path folder;
    private Path oldFile;
    private Path newFile;
    private JavaSparkContext context;
    private Transitions oldRows;
    private Transitions newRows;
    private int runs;

    /** When to kill. */
    private record Moment(String name, Wait condition) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Waits for the moment in a dataset's folder. */
    @FunctionalInterface
    private interface Wait {
        void until(JavaProcess process, Path dataset) throws IOException, InterruptedException;
    }

    @BeforeAll
    void makeBothDatasets(@TempDir Path temporary) throws IOException {
        folder = temporary;
        oldFile = D4rlRows.hopper(1, 25_000, 500).write(folder.resolve("hopper-old.hdf5"));
        newFile = D4rlRows.hopper(2, 160_000, 500).write(folder.resolve("hopper-new.hdf5"));
        context = new JavaSparkContext(
                new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false"));
        Asked.convert(folder.resolve("old"), oldFile).merge().run(context);
        Asked.convert(folder.resolve("new"), newFile).merge().run(context);
        oldRows = dataset(folder.resolve("old")).read();
        newRows = dataset(folder.resolve("new")).read();
    }

    @AfterAll
    void stop() {
        context.close();
    }

    private static DatasetFolder dataset(Path path) throws IOException {
        return new DatasetFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(path.toString()));
    }

    static Stream<Arguments> moments() {
        SplittableRandom random = new SplittableRandom(7);
        return Stream.of(
                Arguments.of(true, afterTheStart(1_500)),
                Arguments.of(true, atPart(1, 0)),
                Arguments.of(true, atPart(SLICES / 2, 0)),
                Arguments.of(true, atPart(SLICES, random.nextLong(200))),
                Arguments.of(true, whenTheManifestIsNew()),
                Arguments.of(true, atPart(1, random.nextLong(1_000))),
                Arguments.of(false, atPart(SLICES / 2, 0)),
                Arguments.of(false, atPart(SLICES, random.nextLong(200))),
                Arguments.of(false, whenTheManifestIsNew()));
    }

    private static Moment afterTheStart(long milliseconds) {
        return new Moment(milliseconds + " ms after the start", (process, dataset) -> Thread.sleep(milliseconds));
    }

    private static Moment atPart(int count, long milliseconds) {
        return new Moment("%d ms after part %d".formatted(milliseconds, count), (process, dataset) -> {
            List<Path> before = parts(dataset);
            assertThat(process.await(
                            "there are parts",
                            () -> parts(dataset).stream()
                                            .filter(part -> !before.contains(part))
                                            .count()
                                    >= count))
                    .isTrue();
            Thread.sleep(milliseconds);
        });
    }

    private static Moment whenTheManifestIsNew() {
        return new Moment("when dataset.json is new", (process, dataset) -> {
            String before = manifest(dataset);
            assertThat(process.await(
                            "the manifest is new", () -> !manifest(dataset).equals(before)))
                    .isTrue();
        });
    }

    private static String manifest(Path dataset) throws IOException {
        try {
            return Files.readString(dataset.resolve(DatasetFolder.MANIFEST));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static List<Path> parts(Path dataset) throws IOException {
        return FileTree.filesBelow(dataset).stream()
                .filter(path -> path.toString().endsWith(".parquet"))
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : FileTree.filesBelow(from)) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    @ParameterizedTest(name = "over an old dataset: {0}, killed {1}")
    @MethodSource("moments")
    void leavesTheOldDatasetOrTheNewOne(boolean isOverOld, Moment moment) throws Exception {
        Path own = Files.createDirectory(folder.resolve("run-" + runs++));
        Path output = own.resolve("dataset");
        if (isOverOld) {
            copy(folder.resolve("old"), output);
        }
        String[] command = {
            "convert",
            "--master",
            "local[2]",
            "--merge",
            "--overwrite",
            "--slices",
            Integer.toString(SLICES),
            "--input",
            newFile.toString(),
            "--output",
            output.toString()
        };
        try (JavaProcess process = JavaProcess.mopo(own, command)) {
            moment.condition().until(process, output);
        }

        boolean isNew = assertOldOrNew(output, isOverOld);

        // Over the old dataset only --overwrite may go on.
        Asked again = Asked.convert(output, newFile).merge().slices(SLICES);
        List<ConvertJob.Result> results = (isNew || !isOverOld ? again : again.overwrite()).run(context);
        assertThat(results)
                .singleElement()
                .isInstanceOf(isNew ? ConvertJob.UpToDate.class : ConvertJob.Converted.class);
        assertSameRows(dataset(output).read(), newRows);
        List<String> wanted = new ArrayList<>(
                dataset(output).open().parts().stream().map(Manifest.Part::path).toList());
        wanted.add(DatasetFolder.MANIFEST);
        assertThat(FileTree.filesBelow(output).stream()
                        .map(file -> output.relativize(file).toString()))
                .containsExactlyInAnyOrderElementsOf(wanted);
        try (Stream<Path> entries = Files.list(output)) {
            assertThat(entries).as("no empty folders").hasSize(2);
        }
    }

    /** Whether it is the new one. */
    private boolean assertOldOrNew(Path output, boolean isOverOld) throws IOException {
        if (!Files.exists(output.resolve(DatasetFolder.MANIFEST))) {
            assertThat(isOverOld).as("there was a dataset before").isFalse();
            return false;
        }
        Transitions rows = dataset(output).read();
        boolean isNew = rows.rows() == newRows.rows();
        assertThat(isNew || isOverOld).as("the old or the new").isTrue();
        assertSameRows(rows, isNew ? newRows : oldRows);
        return isNew;
    }
}

package io.github.mopospark.jobs;

import static io.github.mopospark.jobs.RowsAssert.assertRecordedAs;
import static io.github.mopospark.jobs.RowsAssert.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConvertJobTest {
    private JavaSparkContext context;
    private Path inputs;
    private Path output;

    @BeforeAll
    void startSpark() {
        context = new JavaSparkContext(
                new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false"));
        RemoteLikeFileSystem.register(context.hadoopConfiguration());
    }

    @AfterAll
    void stopSpark() {
        context.close();
    }

    @BeforeEach
    void makeFolders(@TempDir Path folder) throws IOException {
        inputs = Files.createDirectory(folder.resolve("inputs"));
        output = folder.resolve("output");
    }

    private DatasetFolder dataset(Path path) throws IOException {
        return new DatasetFolder(
                new Storage(context.hadoopConfiguration()), new org.apache.hadoop.fs.Path(path.toString()));
    }

    private Manifest converted(Asked asked) throws IOException {
        List<ConvertJob.Result> results = asked.run(context);
        assertThat(results).singleElement().isInstanceOf(ConvertJob.Converted.class);
        return ((ConvertJob.Converted) results.get(0)).manifest();
    }

    private void refuses(Asked asked, String... reasons) throws IOException {
        List<Path> before = FileTree.filesBelow(output);
        assertThat(asked.run(context))
                .singleElement()
                .isInstanceOfSatisfying(ConvertJob.Refused.class, refused -> assertThat(refused.reason())
                        .contains(reasons));
        assertThat(FileTree.filesBelow(output)).as("nothing is written").containsExactlyInAnyOrderElementsOf(before);
    }

    private void throwsFor(Asked asked, String... reasons) {
        assertThatThrownBy(() -> asked.run(context))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll(reasons);
    }

    private static void assertNamedOnly(Path dataset, Manifest manifest) throws IOException {
        List<String> wanted = new ArrayList<>(
                manifest.parts().stream().map(Manifest.Part::path).toList());
        wanted.add(DatasetFolder.MANIFEST);
        assertThat(FileTree.filesBelow(dataset).stream()
                        .map(file -> dataset.relativize(file).toString()))
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void convertsTheGoodFilesAndTellsOfTheBadInTheirOrder() throws IOException {
        D4rlRows first = D4rlRows.hopper(1, 12, 5);
        D4rlRows last = D4rlRows.hopper(2, 7, 5);
        first.write(inputs.resolve("hopper-a.hdf5"));
        Files.writeString(inputs.resolve("hopper-b.hdf5"), "<html>not found</html>");
        last.write(inputs.resolve("hopper-c.hdf5"));

        List<ConvertJob.Result> results =
                Asked.convert(output.toString(), inputs + "/*.hdf5").run(context);

        assertThat(results.stream().map(ConvertJob.Result::uri))
                .containsExactly(
                        "file:" + output + "/hopper-a",
                        "file:" + inputs + "/hopper-b.hdf5",
                        "file:" + output + "/hopper-c");
        assertThat(results.get(1))
                .isInstanceOfSatisfying(ConvertJob.Refused.class, refused -> assertThat(refused.reason())
                        .contains("hopper-b.hdf5: not an HDF5 file"));
        assertRecordedAs(dataset(output.resolve("hopper-a")).read(), first);
        assertRecordedAs(dataset(output.resolve("hopper-c")).read(), last);
        assertThat(output.resolve("hopper-b")).doesNotExist();
        Manifest manifest = dataset(output.resolve("hopper-a")).open();
        assertThat(manifest.task()).isEqualTo("hopper");
        assertThat(manifest.statistics().episodeLengths()).containsExactly(5, 5, 2);
        assertNamedOnly(output.resolve("hopper-a"), manifest);
    }

    @Test
    void leavesADatasetThatIsUpToDateUntouched() throws IOException {
        Path file = D4rlRows.hopper(1, 12, 5).write(inputs.resolve("hopper-a.hdf5"));
        Manifest manifest = converted(Asked.convert(output, file));
        Path elsewhere = Files.createDirectory(inputs.resolve("copy")).resolve("hopper-a.hdf5");
        Files.copy(file, elsewhere);

        for (Path same : List.of(file, elsewhere)) {
            assertThat(Asked.convert(output, same).slices(3).run(context))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ConvertJob.UpToDate.class,
                            found -> assertThat(found.manifest().parts()).isEqualTo(manifest.parts()));
        }
        assertThat(converted(Asked.convert(output, file).overwrite()).parts())
                .as("with --overwrite it is made again")
                .isNotEqualTo(manifest.parts());
    }

    @Test
    void deletesWhatABrokenConversionLeftBesideADatasetThatIsUpToDate() throws IOException {
        Path file = D4rlRows.hopper(1, 12, 5).write(inputs.resolve("hopper-a.hdf5"));
        Manifest manifest = converted(Asked.convert(output, file));
        Path folder = output.resolve("hopper-a");
        Path stray = Files.createDirectory(folder.resolve("parts-" + UUID.randomUUID()));
        Files.writeString(stray.resolve("part-00000-000-0.parquet"), "half");
        Files.writeString(folder.resolve(".dataset.json." + UUID.randomUUID()), "{");
        Files.writeString(folder.resolve(manifest.parts().get(0).path()).resolveSibling("part-1.parquet"), "twice");

        assertThat(Asked.convert(output, file).run(context)).singleElement().isInstanceOf(ConvertJob.UpToDate.class);

        assertNamedOnly(folder, manifest);
        assertThat(stray).doesNotExist();
    }

    @Test
    void replacesADatasetOnlyWhenAsked() throws IOException {
        Path file = D4rlRows.hopper(1, 12, 5).write(inputs.resolve("hopper-a.hdf5"));
        Manifest manifest = converted(Asked.convert(output, file));
        Path folder = output.resolve("hopper-a");
        String there = "a dataset is there already, ";

        refuses(Asked.convert(output, file).maxEpisodes(1), there + "made with other options", "give --overwrite");
        refuses(Asked.convert(output, file).task("none"), there + "made with other options");
        D4rlRows.hopper(2, 12, 5).write(file);
        refuses(Asked.convert(output, file), there + "made from other files");
        D4rlRows.hopper(1, 12, 5).write(file);
        Path part = folder.resolve(manifest.parts().get(0).path());
        byte[] content = Files.readAllBytes(part);
        Files.write(part, Arrays.copyOf(content, content.length - 1));
        refuses(Asked.convert(output, file), there + "not complete: ", "bytes but dataset.json says");
        Files.delete(part);
        refuses(Asked.convert(output, file), there + "not complete: ", "is missing");
        Files.writeString(folder.resolve(DatasetFolder.MANIFEST), "[]");
        refuses(Asked.convert(output, file), there + "not complete: ", "schema_version is missing");

        D4rlRows other = D4rlRows.hopper(2, 12, 5);
        other.write(file);
        Manifest replaced = converted(Asked.convert(output, file).overwrite());
        assertRecordedAs(dataset(folder).read(), other);
        assertNamedOnly(folder, replaced);
    }

    @Test
    void keepsTheOldDatasetWhenTheNewOneIsRefused() throws IOException {
        D4rlRows old = D4rlRows.hopper(1, 12, 5);
        Path file = old.write(inputs.resolve("hopper-a.hdf5"));
        converted(Asked.convert(output, file));
        D4rlRows bad = D4rlRows.hopper(2, 25_000, 5);
        bad.actions()[20_001][2] = 1.5f;
        bad.write(file);

        refuses(
                Asked.convert(output, file).slices(3).overwrite(),
                "1 rows of /actions are outside [-1, 1], the first is row 20,001");

        assertRecordedAs(dataset(output.resolve("hopper-a")).read(), old);
    }

    @Test
    void mergesFilesInTheOrderOfTheirPaths() throws IOException {
        D4rlRows first = D4rlRows.hopper(1, 12, 5);
        D4rlRows second = D4rlRows.hopper(2, 10, 4);
        Path a = first.write(inputs.resolve("hopper-a.hdf5"));
        Path b = second.write(inputs.resolve("hopper-b.hdf5"));

        Manifest manifest = converted(Asked.convert(output, b, a).merge());

        Transitions rows = dataset(output).read();
        assertThat(rows.episodes()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5);
        assertThat(rows.steps()).startsWith(0, 1, 2, 3, 4, 0).endsWith(0, 1, 2, 3, 0, 1);
        assertThat(Arrays.copyOf(rows.rewards(), 12)).isEqualTo(first.rewards());
        assertThat(Arrays.copyOfRange(rows.rewards(), 12, 22)).isEqualTo(second.rewards());
        assertThat(manifest.sources().stream().map(Manifest.Source::rows)).containsExactly(12L, 10L);
        assertThat(Asked.convert(output, a, b).merge().run(context))
                .singleElement()
                .isInstanceOf(ConvertJob.UpToDate.class);
        refuses(Asked.convert(output, a).merge(), "made from other files");
    }

    @Test
    void mergesOnlyFilesOfOneTask() throws IOException {
        Path hopper = D4rlRows.hopper(1, 12, 5).write(inputs.resolve("hopper-a.hdf5"));
        Path wide = D4rlRows.random(1, 12, 5, 12, 3).write(inputs.resolve("other.hdf5"));
        Path unknown = D4rlRows.hopper(1, 12, 5).write(inputs.resolve("unknown.hdf5"));
        Path bad = Files.writeString(inputs.resolve("zero.hdf5"), "");

        refuses(
                Asked.convert(output, hopper, wide).merge(),
                "--merge: ",
                "for the task hopper with observations of 11 and actions of 3 numbers",
                "other.hdf5 is of no known task with 12 and 3");
        refuses(Asked.convert(output, hopper, unknown).merge(), "unknown.hdf5 is of no known task");
        refuses(Asked.convert(output, hopper, bad).merge(), "zero.hdf5: the file is empty");
        assertThat(output).doesNotExist();
        assertThat(converted(Asked.convert(output, hopper, unknown)
                                .task("hopper")
                                .merge())
                        .rows())
                .isEqualTo(24);
    }

    @Test
    void takesTheFirstEpisodes() throws IOException {
        D4rlRows made = D4rlRows.hopper(1, 12, 5);
        Path file = made.write(inputs.resolve("hopper-a.hdf5"));

        assertThat(converted(Asked.convert(output, file).maxEpisodes(2)).rows()).isEqualTo(10);

        Transitions rows = dataset(output.resolve("hopper-a")).read();
        assertThat(rows.rewards()).isEqualTo(Arrays.copyOf(made.rewards(), 10));
        assertThat(converted(Asked.convert(output, file).maxEpisodes(9).overwrite())
                        .rows())
                .isEqualTo(12);
    }

    @Test
    void keepsTheBestEpisodesAndOfEqualOnesTheEarlier() throws IOException {
        D4rlRows made = D4rlRows.hopper(1, 12, 3);
        System.arraycopy(new float[] {1, 1, 1, 0, 5, 0, 2, 1, 2, 0, 0, 9}, 0, made.rewards(), 0, 12);
        Path file = made.write(inputs.resolve("hopper-a.hdf5"));

        assertThat(bestEpisodes(Asked.convert(output, file).topFraction(0.25))).containsExactly(3);
        assertThat(bestEpisodes(Asked.convert(output, file).topFraction(0.5))).containsExactly(1, 3);
        assertThat(bestEpisodes(Asked.convert(output, file).topFraction(0.51))).containsExactly(1, 2, 3);
        assertThat(bestEpisodes(Asked.convert(output, file).topFraction(1))).containsExactly(0, 1, 2, 3);
        assertThat(bestEpisodes(Asked.convert(output, file).maxEpisodes(3).topFraction(0.3)))
                .as("of the first three")
                .containsExactly(1);
    }

    @Test
    void takesTheShareInDecimals() throws IOException {
        Path file = D4rlRows.hopper(1, 200, 2).write(inputs.resolve("hopper-a.hdf5"));
        assertThat(bestEpisodes(Asked.convert(output, file).topFraction(0.07))).hasSize(7);
    }

    private long[] bestEpisodes(Asked asked) throws IOException {
        converted(asked.overwrite());
        return Arrays.stream(dataset(output.resolve("hopper-a")).read().episodes())
                .distinct()
                .toArray();
    }

    @Test
    void drawsTheSameRowsHoweverTheFileIsSliced() throws IOException {
        D4rlRows made = D4rlRows.hopper(1, 35_000, 50);
        Path file = made.write(inputs.resolve("hopper-a.hdf5"));

        Transitions rows = drawn(Asked.convert(output, file).sample(1_000, 3).slices(1));

        assertThat(rows.rows()).isEqualTo(1_000);
        assertThat(Arrays.stream(rows.episodes())
                        .filter(episode -> episode < 350)
                        .count())
                .as("rows of the first half")
                .isBetween(430L, 570L);
        for (int i = 0; i < rows.rows(); i++) {
            int source = Math.toIntExact(50 * rows.episodes()[i] + rows.steps()[i]);
            assertThat(rows.rewards()[i]).isEqualTo(made.rewards()[source]);
        }
        assertSameRows(drawn(Asked.convert(output, file).sample(1_000, 3).slices(4)), rows);
        assertThat(drawn(Asked.convert(output, file).sample(1_000, 4)).rewards())
                .isNotEqualTo(rows.rewards());
        assertThat(drawn(Asked.convert(output, file).sample(35_000, 3)).rewards())
                .isEqualTo(made.rewards());
        refuses(
                Asked.convert(output, file).sample(35_001, 3).overwrite(),
                "--sample asks for 35,001 rows, but there are only 35,000");
    }

    private Transitions drawn(Asked asked) throws IOException {
        converted(asked.overwrite());
        return dataset(output.resolve("hopper-a")).read();
    }

    @Test
    void drawsOnlyRowsThatAreNotLeftOut() throws IOException {
        D4rlRows made = D4rlRows.hopper(1, 100, 10);
        for (int row = 0; row < 60; row++) {
            made.rewards()[row] = Float.NaN;
        }
        Path file = made.write(inputs.resolve("hopper-a.hdf5"));

        Manifest manifest =
                converted(Asked.convert(output, file).dropNonfinite().sample(40, 1));

        assertThat(manifest.rows()).isEqualTo(40);
        assertThat(manifest.findings().nonfinite().count()).isEqualTo(60);
        refuses(
                Asked.convert(output, file).dropNonfinite().sample(41, 1).overwrite(),
                "--sample asks for 41 rows, but there are only 40");
    }

    @Test
    void looksAtTheChosenRowsOnlyHoweverTheFileIsSliced() throws IOException {
        D4rlRows made = D4rlRows.hopper(1, 25_000, 100);
        made.observations()[5_050][1] = Float.NaN;
        made.rewards()[24_000] = Float.POSITIVE_INFINITY;
        made.nextObservations()[5_010] = new float[11];
        made.nextObservations()[14_950] = new float[11];
        Path file = made.write(inputs.resolve("hopper-a.hdf5"));

        refuses(
                Asked.convert(output, file).slices(3),
                "2 rows have a NaN or infinite number, the first is row 5,050 of");
        refuses(
                Asked.convert(output, file).maxEpisodes(60).slices(1),
                "1 rows have a NaN",
                "row 5,050 of /observations");
        refuses(
                Asked.convert(output, file).maxEpisodes(60).topFraction(0.1).slices(1),
                "1 rows have a NaN or infinite number");
        Manifest one = converted(Asked.convert(output, file).maxEpisodes(50).slices(1));
        Manifest three =
                converted(Asked.convert(output, file).maxEpisodes(50).slices(3).overwrite());
        assertThat(three.findings()).isEqualTo(one.findings());
        assertThat(one.findings().unflagged().count()).isZero();
        one = converted(Asked.convert(output, file)
                .dropNonfinite()
                .maxEpisodes(120)
                .topFraction(0.5)
                .slices(1)
                .overwrite());
        three = converted(Asked.convert(output, file)
                .dropNonfinite()
                .maxEpisodes(120)
                .topFraction(0.5)
                .slices(3)
                .overwrite());
        assertThat(three.findings()).isEqualTo(one.findings());
        assertThat(three.statistics()).usingRecursiveComparison().isEqualTo(one.statistics());
    }

    @Test
    void refusesAFileThatNothingIsLeftOf() throws IOException {
        D4rlRows made = D4rlRows.hopper(1, 10, 5);
        Arrays.fill(made.rewards(), Float.NaN);
        Path file = made.write(inputs.resolve("hopper-a.hdf5"));
        refuses(Asked.convert(output, file).dropNonfinite(), "no rows are left");
        refuses(Asked.convert(output, file).dropNonfinite().topFraction(0.5), "no rows are left");
        assertThat(output.resolve("hopper-a")).doesNotExist();
    }

    @Test
    void relabelsOnlyWhatItCan() throws IOException {
        D4rlRows cheetah = D4rlRows.random(1, 20, 5, 17, 6);
        Path file = cheetah.write(inputs.resolve("halfcheetah-a.hdf5"));
        Path unnamed = cheetah.write(inputs.resolve("data.hdf5"));
        Path withoutNext = cheetah.write(inputs.resolve("halfcheetah-v0.hdf5"), false, true);
        Path hopper = D4rlRows.hopper(1, 12, 5).write(inputs.resolve("hopper-a.hdf5"));
        Path walker = cheetah.write(inputs.resolve("walker2d-a.hdf5"));

        refuses(
                Asked.convert(output, hopper).relabel("halfcheetah-jump"),
                "--relabel halfcheetah-jump needs observations of 17 and actions of 6 numbers, but the file has 11 and 3");
        refuses(Asked.convert(output, walker).relabel("halfcheetah-jump"), "but the file's task is walker2d");
        refuses(Asked.convert(output, unnamed).relabel("halfcheetah-jump"), "the file's task is unknown");
        refuses(
                Asked.convert(output, withoutNext).relabel("halfcheetah-jump"),
                "needs the next observation of every row, but 4 rows have none recorded");
        refuses(
                Asked.convert(output, withoutNext).relabel("halfcheetah-jump").topFraction(0.1),
                "needs the next observation of every row, but 4 rows have none recorded");
        assertThatThrownBy(() -> Asked.convert(output, file).relabel("hopper"))
                .hasMessage("relabel must be halfcheetah-jump or ant-angle, but was hopper");
        Manifest manifest = converted(Asked.convert(output, file).relabel("halfcheetah-jump"));
        assertThat(manifest.task()).isEqualTo("halfcheetah-jump");
        assertThat(manifest.choices().speedCap()).isEqualTo("min");
        assertThat(manifest.statistics().normalisedScore()).isNull();
        assertThat(dataset(output.resolve("halfcheetah-a")).read().rewards()).isNotEqualTo(cheetah.rewards());
        assertThat(converted(Asked.convert(output, unnamed).task("halfcheetah").relabel("halfcheetah-jump"))
                        .task())
                .isEqualTo("halfcheetah-jump");
    }

    @Test
    void endsEpisodesByTheRuleThatIsAskedFor() throws IOException {
        D4rlRows made = D4rlRows.hopper(1, 20, 5);
        made.nextObservations()[1] = new float[11];
        Path file = made.write(inputs.resolve("hopper-a.hdf5"));
        Path without = made.write(inputs.resolve("hopper-b.hdf5"), true, false);

        assertThat(lengths(Asked.convert(output, file))).containsExactly(5, 5, 5, 5);
        assertThat(lengths(Asked.convert(output, file).boundary("discontinuity")))
                .containsExactly(2, 3, 5, 5, 5);
        assertThat(lengths(Asked.convert(output, file).boundary("fixed:3"))).containsExactly(3, 2, 3, 2, 3, 2, 3, 2);
        assertThat(lengths(Asked.convert(output, file).boundary("legacy-d4rl")))
                .as("without the rows of the two timeouts and the last")
                .containsExactly(4, 5, 4, 4);
        refuses(
                Asked.convert(output, without),
                "/timeouts is missing",
                "--boundary fixed:N or --boundary discontinuity");
        assertThat(lengths(Asked.convert(output, without).boundary("fixed:4"))).containsExactly(4, 4, 2, 4, 4, 2);
    }

    private long[] lengths(Asked asked) throws IOException {
        return converted(asked.overwrite()).statistics().episodeLengths();
    }

    @Test
    void refusesInputsThatCannotBeMeant() throws IOException {
        Path file = D4rlRows.hopper(1, 12, 5).write(inputs.resolve("hopper-a.hdf5"));
        Path twin = Files.createDirectory(inputs.resolve("other")).resolve("hopper-a.hdf5");
        Files.copy(file, twin);

        throwsFor(Asked.convert(output, file, twin), "hopper-a.hdf5 would both become file:" + output + "/hopper-a");
        throwsFor(Asked.convert(output, inputs.resolve("none-*.hdf5")), "none-*.hdf5: no such file");
        throwsFor(Asked.convert(output, inputs), "is a folder; give the files in it, as in '");
        Path folder = Files.createDirectories(output.resolve("hopper-a"));
        Files.writeString(folder.resolve("notes.txt"), "mine");
        refuses(
                Asked.convert(output, file),
                "holds files that are no dataset's, or is a file; choose another --output");
        refuses(Asked.convert(output, file).overwrite(), "holds files that are no dataset's");
        assertThat(folder.resolve("notes.txt")).hasContent("mine");
        assertThat(converted(Asked.convert(output.resolve("merged"), file, file, twin)
                                .merge())
                        .rows())
                .as("a file that is named twice counts once")
                .isEqualTo(24);
    }

    @Test
    void refusesATaskThatDoesNotFit() throws IOException {
        Path file = D4rlRows.random(1, 12, 5, 4, 2).write(inputs.resolve("hopper-a.hdf5"));
        refuses(
                Asked.convert(output, file),
                "the task hopper, taken from the file's name, has observations of 11 and actions of 3 numbers");
        assertThat(converted(Asked.convert(output, file).task("none")).task()).isNull();
        assertThatThrownBy(() -> Asked.convert(output, file).task("hoper").options())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("unknown task 'hoper'");
    }

    @Test
    void publishesWhereNothingCanBeRenamed() throws IOException {
        D4rlRows old = D4rlRows.hopper(1, 12, 5);
        D4rlRows made = D4rlRows.hopper(2, 25_000, 500);
        Path file = inputs.resolve("hopper-a.hdf5");
        String remoteFile = RemoteLikeFileSystem.uri(old.write(file));
        String remoteOutput = RemoteLikeFileSystem.uri(output);
        converted(Asked.convert(remoteOutput, remoteFile));
        made.write(file);

        Manifest manifest =
                converted(Asked.convert(remoteOutput, remoteFile).slices(2).overwrite());

        assertRecordedAs(dataset(output.resolve("hopper-a")).read(), made);
        assertNamedOnly(output.resolve("hopper-a"), manifest);
    }

    @Test
    void keepsTheOldDatasetWhenTheManifestCannotBeWritten() throws IOException {
        D4rlRows old = D4rlRows.hopper(1, 12, 5);
        Path file = old.write(inputs.resolve("hopper-a.hdf5"));
        String remoteOutput = RemoteLikeFileSystem.uri(output);
        Manifest before = converted(Asked.convert(remoteOutput, file.toString()).merge());
        D4rlRows.hopper(2, 12, 5).write(file);
        Files.createFile(inputs.resolveSibling("read-only"));

        assertThatThrownBy(() -> Asked.convert(remoteOutput, file.toString())
                        .merge()
                        .overwrite()
                        .run(context))
                .hasMessageContaining("cannot write");

        assertRecordedAs(dataset(output).read(), old);
        assertNamedOnly(output, before);
    }

    @Test
    void keepsTheNewDatasetWhenTheOldPartsCannotBeDeleted() throws IOException {
        Path file = D4rlRows.hopper(1, 12, 5).write(inputs.resolve("hopper-a.hdf5"));
        String remoteOutput = RemoteLikeFileSystem.uri(output);
        Manifest old = converted(Asked.convert(remoteOutput, file.toString()).merge());
        Path oldParts = output.resolve(old.parts().get(0).path()).getParent();
        Path marker = Files.createFile(oldParts.resolve("undeletable"));
        D4rlRows made = D4rlRows.hopper(2, 12, 5);
        made.write(file);

        assertThatThrownBy(() -> Asked.convert(remoteOutput, file.toString())
                        .merge()
                        .overwrite()
                        .run(context))
                .hasMessageContaining("cannot delete");

        assertRecordedAs(dataset(output).read(), made);
        Files.delete(marker);
        assertThat(Asked.convert(remoteOutput, file.toString()).merge().run(context))
                .singleElement()
                .isInstanceOf(ConvertJob.UpToDate.class);
        assertNamedOnly(output, dataset(output).open());
    }
}

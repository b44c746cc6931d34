package io.github.mopospark.conversion.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.hdf5.RecordedRows;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.datatype.EnumDataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
    /** Fewer than an episode has, so that episodes span blocks. */
    private static final int BLOCK_ROWS = 4;

    @TempDir
    private Path folder;

    private final Configuration configuration = new Configuration();

    private Export.Result export(DatasetFolder dataset, ExportFormat format, Path output) throws IOException {
        return export(dataset, format, false, output);
    }

    private Export.Result export(DatasetFolder dataset, ExportFormat format, boolean dropIncomplete, Path output)
            throws IOException {
        return new Export(new Storage(configuration), format, dropIncomplete, false, BLOCK_ROWS)
                .run(dataset, new org.apache.hadoop.fs.Path(output.toString()));
    }

    private static TransitionFile open(Path file) throws IOException {
        return TransitionFile.open(file, file.getFileName().toString());
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(numbers[i]);
        }
        return bits;
    }

    private static void assertSameRows(Path actual, Path expected) throws IOException {
        try (TransitionFile file = open(actual);
                TransitionFile original = open(expected)) {
            assertThat(file.layout()).isEqualTo(original.layout());
            assertThat(file.rows()).isEqualTo(original.rows());
            assertThat(file.groupEnds()).isEqualTo(original.groupEnds());
            assertThat(file.recordsTimeouts()).isEqualTo(original.recordsTimeouts());
            RecordedRows rows = file.read(0, (int) file.rows());
            RecordedRows wanted = original.read(0, (int) file.rows());
            assertThat(bits(rows.observations())).isEqualTo(bits(wanted.observations()));
            assertThat(bits(rows.actions())).isEqualTo(bits(wanted.actions()));
            assertThat(bits(rows.rewards())).isEqualTo(bits(wanted.rewards()));
            assertThat(bits(rows.nextObservations())).isEqualTo(bits(wanted.nextObservations()));
            assertThat(rows.terminals()).isEqualTo(wanted.terminals());
            assertThat(rows.timeouts()).isEqualTo(wanted.timeouts());
        }
    }

    private static void assertRows(Path actual, TransitionFile.Layout layout, Transitions wanted) throws IOException {
        try (TransitionFile file = open(actual)) {
            assertThat(file.layout()).isEqualTo(layout);
            assertThat(file.rows()).isEqualTo(wanted.rows());
            assertThat(file.skippedKeys()).isEmpty();
            RecordedRows rows = file.read(0, (int) file.rows());
            assertThat(bits(rows.observations())).isEqualTo(bits(wanted.observations()));
            assertThat(bits(rows.actions())).isEqualTo(bits(wanted.actions()));
            assertThat(bits(rows.rewards())).isEqualTo(bits(wanted.rewards()));
            assertThat(rows.terminals()).isEqualTo(wanted.terminals());
            assertThat(rows.timeouts()).isEqualTo(wanted.timeouts());
            if (layout != TransitionFile.Layout.D4RL_V0) {
                assertThat(bits(rows.nextObservations())).isEqualTo(bits(wanted.nextObservations()));
            }
        }
    }

    private void assertNothingBut(String... names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    private void refuses(Transitions rows, ExportFormat format, String... messages) throws IOException {
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), rows);
        assertThatThrownBy(() -> export(dataset, format, folder.resolve("out.hdf5")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(dataset.path().toString())
                .hasMessageContainingAll(messages);
        assertNothingBut("dataset");
    }

    @Test
    void writesRowsInD4rlsLayout() throws IOException {
        Transitions rows = Datasets.episodes(5, 1, 9, 2);
        Path file = folder.resolve("out.hdf5");

        Export.Result result = export(Datasets.publish(folder.resolve("dataset"), rows), ExportFormat.D4RL, file);

        assertRows(file, TransitionFile.Layout.D4RL_V2, rows);
        assertThat(result).isEqualTo(new Export.Result("file:" + file, 17, 4, 0, 0, Files.size(file)));
        assertNothingBut("dataset", "out.hdf5");
    }

    @Test
    void writesRowsInD4rlsOlderLayoutWhereItLosesNothing() throws IOException {
        Transitions rows = Datasets.episodesWithoutLastNext(5, 1, 9, 2);
        Path file = folder.resolve("out.hdf5");

        Export.Result result = export(Datasets.publish(folder.resolve("dataset"), rows), ExportFormat.D4RL, file);

        assertRows(file, TransitionFile.Layout.D4RL_V0, rows);
        assertThat(result.rows()).isEqualTo(17);
        assertThat(result.episodes()).isEqualTo(4);
    }

    @Test
    void writesRowsInMinarisLayout() throws IOException {
        Transitions rows = Datasets.episodes(5, 1, 9, 2);
        Path file = folder.resolve("out.hdf5");

        Export.Result result = export(Datasets.publish(folder.resolve("dataset"), rows), ExportFormat.MINARI, file);

        assertRows(file, TransitionFile.Layout.MINARI, rows);
        assertThat(result).isEqualTo(new Export.Result("file:" + file, 17, 4, 0, 0, Files.size(file)));
        try (HdfFile hdf = new HdfFile(file)) {
            assertThat(hdf.getAttribute("total_episodes").getData()).isEqualTo(4L);
            assertThat(hdf.getAttribute("total_steps").getData()).isEqualTo(17L);
            assertThat(hdf.getByPath("/episode_2").getAttribute("id").getData()).isEqualTo(2L);
            assertThat(hdf.getByPath("/episode_2").getAttribute("total_steps").getData())
                    .isEqualTo(9L);
            assertThat(hdf.getDatasetByPath("/episode_2/observations").getDimensions())
                    .containsExactly(10, 3);
        }
    }

    @Test
    void writesFloat32AndTheBooleansOfH5pyCompressed() throws IOException {
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), Datasets.episodes(5, 2));
        Path file = folder.resolve("out.hdf5");
        export(dataset, ExportFormat.D4RL, file);

        try (HdfFile hdf = new HdfFile(file)) {
            for (String key : new String[] {"observations", "actions", "rewards", "next_observations"}) {
                Dataset floats = hdf.getDatasetByPath("/" + key);
                assertThat(floats.getJavaType()).as(key).isEqualTo(float.class);
                assertThat(((ChunkedDataset) floats).getFilters()).as(key).hasSize(1);
            }
            for (String key : new String[] {"terminals", "timeouts"}) {
                EnumDataType type =
                        (EnumDataType) hdf.getDatasetByPath("/" + key).getDataType();
                assertThat(type.getSize()).as(key).isEqualTo(1);
                assertThat(type.getEnumMapping()).as(key).isEqualTo(Map.of(0, "FALSE", 1, "TRUE"));
            }
        }
    }

    @Test
    void givesBackEachLayoutAfterAConversion() throws IOException {
        Map<ExportFormat, Transitions[]> files = Map.of(
                ExportFormat.D4RL,
                new Transitions[] {Datasets.episodes(3, 8, 1), Datasets.episodesWithoutLastNext(3, 8, 1), unfinished()},
                ExportFormat.MINARI,
                new Transitions[] {Datasets.episodes(3, 8, 1), withAnUnflaggedEnd()});
        int number = 0;
        for (Map.Entry<ExportFormat, Transitions[]> entry : files.entrySet()) {
            for (Transitions rows : entry.getValue()) {
                number++;
                Path original = folder.resolve("original-" + number + ".hdf5");
                Path back = folder.resolve("back-" + number + ".hdf5");
                export(Datasets.publish(folder.resolve("rows-" + number), rows), entry.getKey(), original);

                export(Datasets.convert(original, folder.resolve("dataset-" + number)), entry.getKey(), back);

                assertSameRows(back, original);
            }
        }
        assertThat(number).isEqualTo(5);
    }

    /** The file ends within an episode, and its last row has no next observation. */
    private static Transitions unfinished() {
        Transitions rows = Datasets.episodesWithoutLastNext(3, 8);
        rows.timeouts()[10] = false;
        return rows;
    }

    private static Transitions withAnUnflaggedEnd() {
        Transitions rows = Datasets.episodes(3, 8, 1);
        rows.terminals()[2] = false;
        return rows;
    }

    @Test
    void givesBackTheSample() throws IOException {
        Path original = Path.of(System.getProperty("mopo.root"), "data", "hopper-sample.hdf5");
        DatasetFolder dataset = Datasets.convert(original, folder.resolve("dataset"));
        Path d4rl = folder.resolve("d4rl.hdf5");
        Path minari = folder.resolve("minari.hdf5");
        Path again = folder.resolve("again.hdf5");
        Storage storage = new Storage(configuration);

        Export.Result result = new Export(storage, ExportFormat.D4RL, false, false, 3_000)
                .run(dataset, new org.apache.hadoop.fs.Path(d4rl.toString()));
        new Export(storage, ExportFormat.MINARI, false, false)
                .run(dataset, new org.apache.hadoop.fs.Path(minari.toString()));
        DatasetFolder fromMinari = Datasets.convert(minari, folder.resolve("from-minari"));
        new Export(storage, ExportFormat.D4RL, false, false)
                .run(fromMinari, new org.apache.hadoop.fs.Path(again.toString()));

        assertThat(result.rows()).isEqualTo(20_000);
        assertSameRows(d4rl, original);
        assertSameRows(again, original);
        assertThat(Files.size(d4rl)).isLessThan(Files.size(original) * 5 / 4);
        assertThat(Files.size(minari))
                .as("232 episodes, without next observations")
                .isLessThan(2 * Files.size(original));
    }

    @Test
    void joinsPartsOfOtherSizesThanBlocks() throws IOException {
        Transitions first = Datasets.episodes(3);
        Transitions second = Datasets.episodes(7, 5);
        for (int i = 0; i < second.rows(); i++) {
            second.episodes()[i]++;
        }
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), first, second);

        assertThat(export(dataset, ExportFormat.D4RL, folder.resolve("d4rl.hdf5")))
                .extracting(Export.Result::rows, Export.Result::episodes)
                .containsExactly(15L, 3L);
        export(dataset, ExportFormat.MINARI, folder.resolve("minari.hdf5"));

        try (TransitionFile file = open(folder.resolve("minari.hdf5"))) {
            assertThat(file.groupEnds()).containsExactly(3, 10, 15);
        }
    }

    @Test
    void leavesOutIncompleteRowsAndCutsTheirEpisodes() throws IOException {
        // The row after the fourth, the last of a block, is left out, and an episode of one row altogether.
        Transitions rows = Datasets.episodesWithoutLastNext(5, 1, 3, 2);
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), rows);
        Path d4rl = folder.resolve("d4rl.hdf5");
        Path minari = folder.resolve("minari.hdf5");

        Export.Result result = export(dataset, ExportFormat.D4RL, true, d4rl);
        export(dataset, ExportFormat.MINARI, true, minari);

        assertThat(result).isEqualTo(new Export.Result("file:" + d4rl, 7, 3, 4, 2, Files.size(d4rl)));
        int[] kept = {0, 1, 2, 3, 6, 7, 9};
        boolean[] cut = {false, false, false, true, false, true, true};
        for (Path exported : new Path[] {d4rl, minari}) {
            try (TransitionFile file = open(exported)) {
                RecordedRows read = file.read(0, (int) file.rows());
                assertThat(read.timeouts()).isEqualTo(cut);
                assertThat(read.terminals()).isEqualTo(new boolean[7]);
                for (int i = 0; i < kept.length; i++) {
                    int from = 3 * kept[i];
                    assertThat(Arrays.copyOfRange(bits(read.nextObservations()), 3 * i, 3 * i + 3))
                            .isEqualTo(Arrays.copyOfRange(bits(rows.nextObservations()), from, from + 3));
                    assertThat(read.rewards()[i]).isEqualTo(rows.rewards()[kept[i]]);
                }
            }
        }
        try (TransitionFile file = open(minari)) {
            assertThat(file.groupEnds()).containsExactly(4, 6, 7);
        }
    }

    @Test
    void leavesOutNothingWhereAllRowsAreComplete() throws IOException {
        Transitions rows = Datasets.episodes(5, 1, 9);
        Path file = folder.resolve("out.hdf5");

        Export.Result result = export(Datasets.publish(folder.resolve("dataset"), rows), ExportFormat.D4RL, true, file);

        assertRows(file, TransitionFile.Layout.D4RL_V2, rows);
        assertThat(result.leftOut()).isZero();
    }

    @Test
    void refusesToLeaveOutEverything() throws IOException {
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), Datasets.episodesWithoutLastNext(1, 1));
        assertThatThrownBy(() -> export(dataset, ExportFormat.D4RL, true, folder.resolve("out.hdf5")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("no row has a next observation");
        assertNothingBut("dataset");
    }

    @Test
    void refusesTheOlderLayoutWhereANextObservationIsNotTheFollowingRows() throws IOException {
        Transitions rows = Datasets.episodesWithoutLastNext(5, 6);
        // The last row of the second block: the following row is in the third.
        rows.nextObservations()[3 * 7] += 0.25f;
        refuses(
                rows,
                ExportFormat.D4RL,
                "row 7 (episode 1, step 2) has a next observation that is not the following row's",
                "--drop-incomplete");
    }

    @Test
    void tellsZeroFromMinusZeroInTheOlderLayout() throws IOException {
        Transitions rows = Datasets.episodesWithoutLastNext(5);
        rows.observations()[3] = 0.0f;
        rows.nextObservations()[0] = -0.0f;
        refuses(rows, ExportFormat.D4RL, "row 0 (episode 0, step 0) has a next observation that is not");
    }

    @Test
    void refusesTheOlderLayoutWhereAFlaggedRowHasANextObservation() throws IOException {
        Transitions rows = Datasets.episodesWithoutLastNext(5, 6);
        rows.timeouts()[2] = true;
        refuses(rows, ExportFormat.D4RL, "row 2 (episode 0, step 2) has a next observation although it is terminal or");
    }

    @Test
    void refusesTheOlderLayoutWhereTheLastRowHasANextObservation() throws IOException {
        Transitions rows = Datasets.episodesWithoutLastNext(5, 6);
        rows.hasNextObservation()[10] = true;
        refuses(rows, ExportFormat.D4RL, "row 10 (episode 1, step 5) has a next observation but no row follows");
    }

    @Test
    void refusesTheOlderLayoutWhereItWouldInventANextObservation() throws IOException {
        Transitions rows = Datasets.episodesWithoutLastNext(5, 6);
        rows.terminals()[4] = false;
        refuses(rows, ExportFormat.D4RL, "row 4 (episode 0, step 4) has no next observation and no flag");
    }

    @Test
    void refusesStatisticsThatTheRowsBelie() throws IOException {
        Transitions rows = Datasets.episodes(5, 6);
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), rows);
        Transitions incomplete = Datasets.episodesWithoutLastNext(5, 6);
        DatasetFolder other = Datasets.publish(folder.resolve("other"), incomplete);
        var manifest = other.open();
        other.publish(new Manifest(
                manifest.schemaVersion(),
                null,
                3,
                2,
                manifest.rows(),
                manifest.parts(),
                manifest.sources(),
                manifest.choices(),
                manifest.findings(),
                dataset.open().statistics()));
        assertThatThrownBy(() -> export(other, ExportFormat.D4RL, folder.resolve("out.hdf5")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("row 4 has no next observation, but the manifest's statistics");
        assertNothingBut("dataset", "other");
    }

    @Test
    void refusesAnEpisodeThatJumpsInMinarisLayout() throws IOException {
        Transitions rows = Datasets.episodes(5, 6);
        rows.nextObservations()[3 * 7 + 2] += 0.25f;
        refuses(
                rows,
                ExportFormat.MINARI,
                "episode 1, step 2 has a next observation that is not the following row's",
                "--boundary discontinuity");
    }

    @Test
    void refusesAnEpisodeWithoutItsLastNextObservationInMinarisLayout() throws IOException {
        refuses(
                Datasets.episodesWithoutLastNext(5, 6),
                ExportFormat.MINARI,
                "episode 0, step 4 ends the episode without a next observation",
                "--drop-incomplete");
    }

    @Test
    void refusesPiecesOfEpisodesInMinarisLayout() throws IOException {
        Transitions gap = Datasets.episodes(5, 6);
        gap.steps()[8] = 9;
        refuses(gap, ExportFormat.MINARI, "episode 1, step 2 is followed by step 9", "--format d4rl");
        Transitions headless = Datasets.episodes(5, 6);
        for (int row = 5; row < 11; row++) {
            headless.steps()[row]++;
        }
        refuses(headless, ExportFormat.MINARI, "episode 1, step 1 is its first", "--format d4rl");
    }

    @Test
    void refusesAnEpisodeInTwoPlacesInMinarisLayout() throws IOException {
        Transitions rows = Datasets.episodes(5, 6, 2);
        rows.episodes()[11] = 0;
        rows.episodes()[12] = 0;
        refuses(rows, ExportFormat.MINARI, "episode 0, step 0 comes after episode 1");
    }

    @Test
    void refusesAFlagWithinAnEpisodeInMinarisLayout() throws IOException {
        Transitions terminal = Datasets.episodes(5, 6);
        terminal.terminals()[7] = true;
        refuses(terminal, ExportFormat.MINARI, "episode 1, step 2 is terminal or a timeout but the episode goes on");
        Transitions timeout = Datasets.episodes(5, 6);
        timeout.timeouts()[1] = true;
        refuses(timeout, ExportFormat.MINARI, "episode 0, step 1 is terminal or a timeout but the episode goes on");
    }

    @Test
    void exportsASampleOfRowsInD4rlsLayout() throws IOException {
        Transitions rows = Datasets.episodes(5, 6);
        rows.steps()[8] = 9;
        Path file = folder.resolve("out.hdf5");

        export(Datasets.publish(folder.resolve("dataset"), rows), ExportFormat.D4RL, file);

        assertRows(file, TransitionFile.Layout.D4RL_V2, rows);
    }

    @Test
    void endsAnUnflaggedEpisodeWithATimeoutInD4rlsLayout() throws IOException {
        Transitions rows = Datasets.episodes(5, 6);
        Arrays.fill(rows.terminals(), false);
        Arrays.fill(rows.timeouts(), false);
        Path file = folder.resolve("out.hdf5");
        export(Datasets.publish(folder.resolve("rows"), rows), ExportFormat.D4RL, file);
        boolean[] terminals = new boolean[11];
        boolean[] timeouts = new boolean[11];
        try (TransitionFile exported = open(file)) {
            exported.readFlags(0, terminals, timeouts);
        }
        assertThat(terminals).containsOnly(false);
        assertThat(timeouts)
                .containsExactly(false, false, false, false, true, false, false, false, false, false, false);
    }

    @Test
    void exportsEpisodesThatADiscontinuityEnds() throws IOException {
        Transitions rows = Datasets.episodes(5, 6, 3);
        rows.timeouts()[10] = false;
        for (int i = 11; i < 14; i++) {
            rows.episodes()[i] = 1;
            rows.steps()[i] = i - 5;
        }
        Path original = folder.resolve("original.hdf5");
        export(Datasets.publish(folder.resolve("rows"), rows), ExportFormat.D4RL, original);
        Path minari = folder.resolve("minari.hdf5");
        DatasetFolder joined = Datasets.convert(original, folder.resolve("joined"));
        DatasetFolder apart = Datasets.convert(original, folder.resolve("apart"), "discontinuity");

        assertThatThrownBy(() -> export(joined, ExportFormat.MINARI, minari))
                .hasMessageContaining("episode 1, step 5 has a next observation that is not");
        export(apart, ExportFormat.MINARI, minari);

        try (TransitionFile file = open(minari)) {
            assertThat(file.groupEnds()).containsExactly(5, 11, 14);
        }
    }

    @Test
    void keepsAnExistingFileUnlessToldOtherwise() throws IOException {
        Transitions rows = Datasets.episodes(5, 6);
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), rows);
        Path file = folder.resolve("out.hdf5");
        Files.writeString(file, "old");

        assertThatThrownBy(() -> export(dataset, ExportFormat.D4RL, file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("out.hdf5 is there already; give --overwrite");
        assertThat(file).hasContent("old");

        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(file.toString());
        new Export(new Storage(configuration), ExportFormat.D4RL, false, true).run(dataset, target);
        assertRows(file, TransitionFile.Layout.D4RL_V2, rows);
        assertNothingBut("dataset", "out.hdf5");
    }

    @Test
    void keepsTheOldFileWhenTheNewOneFails() throws IOException {
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), Datasets.episodesWithoutLastNext(5, 6));
        Path file = folder.resolve("out.hdf5");
        Files.writeString(file, "old");
        Export export = new Export(new Storage(configuration), ExportFormat.MINARI, false, true);

        assertThatThrownBy(() -> export.run(dataset, new org.apache.hadoop.fs.Path(file.toString())))
                .isInstanceOf(DatasetException.class);

        assertThat(file).hasContent("old");
        assertNothingBut("dataset", "out.hdf5");
    }

    @Test
    void refusesAnOutputThatCannotBe() throws IOException {
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), Datasets.episodes(5));
        assertThatThrownBy(() -> export(dataset, ExportFormat.D4RL, folder.resolve("no/out.hdf5")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("the folder " + folder.resolve("no") + " does not exist");
        assertThatThrownBy(() -> export(dataset, ExportFormat.D4RL, folder.resolve("dataset")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("is a folder; name a file");
        assertThatThrownBy(() -> export(
                        new DatasetFolder(
                                new Storage(configuration),
                                new org.apache.hadoop.fs.Path(
                                        folder.resolve("x").toString())),
                        ExportFormat.D4RL,
                        folder.resolve("out.hdf5")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("no dataset.json");
        assertNothingBut("dataset");
    }

    @Test
    void leavesNothingWhereAPartIsDamaged() throws IOException {
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), Datasets.episodes(5), Datasets.episodes(5));
        Path part;
        try (Stream<Path> files = Files.walk(folder.resolve("dataset"))) {
            part = files.filter(file -> file.endsWith("part-1.parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length / 2] ^= 1;
        Files.write(part, bytes);

        assertThatThrownBy(() -> export(dataset, ExportFormat.D4RL, folder.resolve("out.hdf5")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("SHA-256");
        assertNothingBut("dataset");
    }

    @Test
    void writesToAnObjectStore() throws IOException {
        configuration.setClass("fs.objects.impl", ObjectStore.class, org.apache.hadoop.fs.FileSystem.class);
        exportsTo("objects:" + folder.resolve("remote/out.hdf5"));
        assertThatThrownBy(() -> exportsTo("objects:" + folder.resolve("remote/out.hdf5")))
                .hasMessageContaining("is there already");
    }

    @Test
    void writesAsideAndRenamesWhereThatIsAtomic() throws IOException {
        Files.createDirectory(folder.resolve("remote"));
        configuration.set(
                "fs.viewfs.mounttable.default.link./remote",
                folder.resolve("remote").toUri().toString());
        configuration.set("fs.defaultFS", "viewfs:///");
        exportsTo("viewfs:///remote/out.hdf5");
    }

    private void exportsTo(String uri) throws IOException {
        Transitions rows = Datasets.episodes(5, 6);
        DatasetFolder dataset = Datasets.publish(folder.resolve("dataset"), rows);
        long before = temporaryFolders();

        Export.Result result = new Export(new Storage(configuration), ExportFormat.D4RL, false, false)
                .run(dataset, new org.apache.hadoop.fs.Path(uri));

        assertThat(result.uri()).startsWith(uri.substring(0, uri.indexOf(':')));
        Path file = folder.resolve("remote").resolve("out.hdf5");
        assertRows(file, TransitionFile.Layout.D4RL_V2, rows);
        assertThat(result.bytes()).isEqualTo(Files.size(file));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files.map(path -> path.getFileName().toString()).filter(name -> !name.endsWith(".crc")))
                    .containsExactly("out.hdf5");
        }
        assertThat(temporaryFolders()).isEqualTo(before);
    }

    private static long temporaryFolders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("mopo-export-"))
                    .count();
        }
    }
}

package io.github.mopospark.jobs;

import static io.github.mopospark.jobs.RowsAssert.assertRecordedAs;
import static io.github.mopospark.jobs.RowsAssert.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.Build;
import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.cluster.Hdfs;
import io.github.mopospark.cluster.JavaProcess;
import io.github.mopospark.cluster.StandaloneCluster;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.preparation.SliceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program on a standalone cluster of two workers, against the same job in this JVM. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {
    /** The last block of 10,000 rows is not full, and seven slices are seven tasks. */
    private static final int ROWS = 75_500;

    private static final int[] SLICES = {1, 2, 7};
    private static final D4rlRows V2 = D4rlRows.hopper(1, ROWS, 900);
    private static final D4rlRows V0 = D4rlRows.hopper(2, ROWS, 700);
    private static final List<String> NAMES = List.of("hopper-sample", "hopper-v0", "hopper-v2");

    private Path folder;
    private Path inputs;
    private Path local;
    private StandaloneCluster cluster;

    @BeforeAll
    void startTheClusterAndConvertLocally(@TempDir Path temporary) throws Exception {
        folder = temporary;
        inputs = Files.createDirectory(folder.resolve("inputs"));
        local = folder.resolve("local");
        V2.write(inputs.resolve("hopper-v2.hdf5"));
        V0.write(inputs.resolve("hopper-v0.hdf5"), false, true);
        Files.copy(Build.root().resolve("data/hopper-sample.hdf5"), inputs.resolve("hopper-sample.hdf5"));
        SparkConf conf =
                new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false");
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            for (int slices : SLICES) {
                Asked.convert(local.resolve("slices-" + slices).toString(), inputs + "/*.hdf5")
                        .slices(slices)
                        .run(context);
            }
        }
        cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("cluster")));
    }

    @AfterAll
    void stopTheCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static DatasetFolder dataset(Path path) throws IOException {
        return dataset(path.toString(), new Configuration());
    }

    private static DatasetFolder dataset(String path, Configuration configuration) throws IOException {
        return new DatasetFolder(new Storage(configuration), new org.apache.hadoop.fs.Path(path));
    }

    /** What one slice in local mode makes of a file. */
    private DatasetFolder reference(String name) throws IOException {
        return dataset(local.resolve("slices-1").resolve(name));
    }

    private void assertSameDataset(DatasetFolder actual, String name) throws IOException {
        Manifest expected = reference(name).open();
        Manifest manifest = actual.open();
        assertSameRows(actual.read(), reference(name).read());
        assertThat(manifest.statistics()).usingRecursiveComparison().isEqualTo(expected.statistics());
        assertThat(manifest.findings()).isEqualTo(expected.findings());
        assertThat(manifest.choices()).isEqualTo(expected.choices());
    }

    private static long slicesOf(Manifest manifest) {
        return manifest.parts().stream()
                .map(part -> part.path().replaceAll(".*/part-(\\d+)-.*", "$1"))
                .distinct()
                .count();
    }

    private static List<String> strings(Object... arguments) {
        List<String> strings = new ArrayList<>();
        for (Object argument : arguments) {
            strings.add(argument.toString());
        }
        return strings;
    }

    private JavaProcess.Outcome convert(List<String> settings, Object... arguments) throws Exception {
        List<String> all = strings(arguments);
        all.add(0, "convert");
        return cluster.submit(settings, all.toArray(String[]::new));
    }

    @Test
    void givesTheRowsOfTheFileLocally() throws IOException {
        assertRecordedAs(reference("hopper-v2").read(), V2);
        assertRecordedAs(reference("hopper-v0").read(), V0);
        for (int slices : SLICES) {
            for (String name : NAMES) {
                DatasetFolder made = dataset(local.resolve("slices-" + slices).resolve(name));
                assertSameDataset(made, name);
                // A slice is no smaller than a block.
                long blocks = (made.open().rows() + SliceReader.BLOCK_ROWS - 1) / SliceReader.BLOCK_ROWS;
                assertThat(slicesOf(made.open())).isEqualTo(Math.min(slices, blocks));
            }
        }
    }

    @Test
    void givesTheSameRowsOnTheClusterHoweverTheFilesAreSliced() throws Exception {
        for (int slices : SLICES) {
            Path output = folder.resolve("cluster-slices-" + slices);

            JavaProcess.Outcome outcome =
                    convert(List.of(), "--input", inputs + "/*.hdf5", "--output", output, "--slices", slices);

            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(outcome.out()).contains("hopper-v2: converted; hopper, 75,500 rows");
            for (String name : NAMES) {
                assertSameDataset(dataset(output.resolve(name)), name);
            }
            assertThat(slicesOf(dataset(output.resolve("hopper-v2")).open())).isEqualTo(slices);
        }
    }

    @Test
    void readsFromAndWritesToHdfsAndLeavesNoCopies() throws Exception {
        try (Hdfs hdfs = new Hdfs(Files.createDirectory(folder.resolve("hdfs")))) {
            for (String name : NAMES) {
                hdfs.files()
                        .copyFromLocalFile(
                                new org.apache.hadoop.fs.Path(
                                        inputs.resolve(name + ".hdf5").toUri()),
                                new org.apache.hadoop.fs.Path("/in/" + name + ".hdf5"));
            }

            JavaProcess.Outcome refused = convert(
                    List.of("spark.mopo.staging.maxBytes=4m"),
                    "--input",
                    hdfs.uri() + "/in/hopper-v2.hdf5",
                    "--output",
                    hdfs.uri() + "/out");
            assertThat(refused.err())
                    .contains("mopo convert: " + hdfs.uri() + "/in/hopper-v2.hdf5 has 8,0")
                    .contains("more than the 4,194,304 that an executor stages; raise spark.mopo.staging.maxBytes");
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(hdfs.files().exists(new org.apache.hadoop.fs.Path("/out")))
                    .isFalse();

            JavaProcess driver = cluster.start(
                    List.of(),
                    strings(
                                    "convert",
                                    "--input",
                                    hdfs.uri() + "/in/*.hdf5",
                                    "--output",
                                    hdfs.uri() + "/out",
                                    "--slices",
                                    7)
                            .toArray(String[]::new));
            assertThat(driver.await("a file is staged", () -> !staged().isEmpty()))
                    .isTrue();
            JavaProcess.Outcome outcome = driver.outcome();

            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            for (String name : NAMES) {
                DatasetFolder made = dataset(hdfs.uri() + "/out/" + name, hdfs.configuration());
                assertSameDataset(made, name);
                assertThat(filesOf(made, hdfs)).hasSize(made.open().parts().size() + 1);
            }
            // The worker ends an executor after the driver has gone.
            for (int i = 0; i < 200 && !(cluster.executors().isEmpty() && staged().isEmpty()); i++) {
                Thread.sleep(50);
            }
            assertThat(staged()).isEmpty();
        }
    }

    /** Copies of remote files anywhere below the cluster's folders. */
    private List<Path> staged() throws IOException {
        return cluster.files().stream()
                .filter(path -> path.getParent().getFileName().toString().startsWith("mopo-spark-app"))
                .toList();
    }

    private static List<String> filesOf(DatasetFolder dataset, Hdfs hdfs) throws IOException {
        List<String> names = new ArrayList<>();
        var files = hdfs.files().listFiles(dataset.path(), true);
        while (files.hasNext()) {
            FileStatus file = files.next();
            names.add(file.getPath().getName());
        }
        return names;
    }

    @Test
    void executorsGetTheProgramAlsoWithoutSparkSubmit() throws Exception {
        Path output = folder.resolve("without-submit");
        try (JavaProcess process = JavaProcess.mopo(
                folder,
                "convert",
                "--input",
                inputs + "/hopper-v2.hdf5",
                "--output",
                output.toString(),
                "--master",
                cluster.master(),
                "--spark-conf",
                "spark.executor.memory=768m")) {
            JavaProcess.Outcome outcome = process.outcome();
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        }
        assertSameDataset(dataset(output.resolve("hopper-v2")), "hopper-v2");
    }

    @Test
    void endsWithAllRowsWhenExecutorsAreKilled() throws Exception {
        Path output = folder.resolve("executor-killed");
        Path dataset = output.resolve("hopper-v2");
        JavaProcess driver = cluster.start(
                List.of(),
                strings("convert", "--input", inputs + "/hopper-v2.hdf5", "--output", output, "--slices", 8)
                        .toArray(String[]::new));
        assertThat(driver.await("the third part is there", () -> parts(dataset).size() >= 3))
                .isTrue();
        List<StandaloneCluster.Executor> executors = cluster.executors();
        assertThat(executors).isNotEmpty();
        // All of them: one is just writing the part that came last.
        executors.forEach(executor -> executor.process().destroyForcibly());

        JavaProcess.Outcome outcome = driver.outcome();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("Lost executor");
        assertSameDataset(dataset(dataset), "hopper-v2");
        List<String> named = dataset(dataset).open().parts().stream()
                .map(Manifest.Part::path)
                .toList();
        assertThat(parts(dataset).stream().map(part -> dataset.relativize(part).toString()))
                .containsExactlyInAnyOrderElementsOf(named);
    }

    private static List<Path> parts(Path dataset) throws IOException {
        return FileTree.filesBelow(dataset).stream()
                .filter(path -> path.toString().endsWith(".parquet"))
                .toList();
    }
}

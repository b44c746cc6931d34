package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.PartWriter;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.preparation.Findings;
import io.github.mopospark.conversion.preparation.Tally;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** {@code mopo inspect} of datasets that are written here. */
class InspectCommandTest {
    private static final Manifest.Choices PLAIN =
            new Manifest.Choices("flags", null, null, false, null, null, null, null);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** What a test changes of a dataset. */
    private static final class Sketch {
        String task = "hopper";
        int observationSize = 3;
        int[] lengths = {3, 5};
        boolean isConstant;
        boolean recordsNext = true;
        String source = "file:/data/some.hdf5";
        Manifest.Choices choices = PLAIN;
        Findings findings = Findings.NONE;
        Double score = 12.3456;
        double largestReward = Double.NaN;
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Mopo.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private Path write(Sketch sketch) throws IOException {
        Storage storage = new Storage(new Configuration());
        DatasetFolder dataset = new DatasetFolder(
                storage, new org.apache.hadoop.fs.Path(folder.resolve("data").toUri()));
        String parts = dataset.freshParts();
        dataset.make(parts);
        List<Manifest.Part> written = new ArrayList<>();
        List<double[]> rewards = new ArrayList<>();
        // A part an episode.
        for (int episode = 0; episode < sketch.lengths.length; episode++) {
            Transitions rows = Transitions.allocate(sketch.lengths[episode], sketch.observationSize, 2);
            double[] rewardsHere = new double[rows.rows()];
            for (int i = 0; i < rows.rows(); i++) {
                rows.episodes()[i] = episode;
                rows.steps()[i] = i;
                rows.rewards()[i] = sketch.isConstant ? 2.5f : episode + 0.25f * i;
                rewardsHere[i] = rows.rewards()[i];
                for (int k = 0; k < sketch.observationSize; k++) {
                    rows.observations()[i * sketch.observationSize + k] = observation(sketch, i, k);
                }
                rows.hasNextObservation()[i] = sketch.recordsNext;
            }
            rows.terminals()[rows.rows() - 1] = true;
            String name = parts + "/part-" + episode + ".parquet";
            try (PartWriter writer = new PartWriter(storage, dataset.path(), name, Map.of())) {
                writer.write(rows);
                written.add(writer.finish());
            }
            rewards.add(rewardsHere);
        }
        double[] all = rewards.stream().flatMapToDouble(Arrays::stream).toArray();
        double largest =
                Double.isNaN(sketch.largestReward) ? Arrays.stream(all).max().orElseThrow() : sketch.largestReward;
        Manifest.Column observation = observations(sketch, all.length);
        double[] zeros = new double[2];
        dataset.publish(new Manifest(
                Manifest.VERSION,
                sketch.task,
                sketch.observationSize,
                2,
                all.length,
                written,
                List.of(new Manifest.Source(sketch.source, "ab".repeat(32), 1234, "d4rl_v2", all.length, List.of())),
                sketch.choices,
                sketch.findings,
                new Manifest.Statistics(
                        observation,
                        new Manifest.Column(all.length, zeros, zeros, zeros, zeros),
                        new Manifest.Column(
                                all.length,
                                new double[] {1.23456},
                                new double[] {sketch.isConstant ? 0 : 0.98765},
                                new double[] {Arrays.stream(all).min().orElseThrow()},
                                new double[] {largest}),
                        sketch.recordsNext ? observation : null,
                        0.4567,
                        rewards.stream()
                                .mapToDouble(values -> Arrays.stream(values).sum())
                                .toArray(),
                        Arrays.stream(sketch.lengths).asLongStream().toArray(),
                        sketch.score)));
        return folder.resolve("data");
    }

    private static float observation(Sketch sketch, int row, int k) {
        return sketch.isConstant ? 0 : (row - 1.5f) * k;
    }

    /** Numbers that no computation would give, to see that the report prints the manifest's. */
    private static Manifest.Column observations(Sketch sketch, int rows) {
        int size = sketch.observationSize;
        double[] mean = new double[size];
        double[] std = new double[size];
        double[] min = new double[size];
        double[] max = new double[size];
        for (int k = 0; k < size && !sketch.isConstant; k++) {
            mean[k] = k + 0.1111;
            std[k] = k + 0.2222;
            min[k] = -k - 0.3333;
            max[k] = 2 * k + 0.4444;
        }
        return new Manifest.Column(rows, mean, std, min, max);
    }

    private String inspect(Path dataset) throws IOException {
        Path report = folder.resolve("report.html");
        assertThat(run("inspect", dataset.toString(), "--output", report.toString(), "--overwrite"))
                .as(err.toString())
                .isZero();
        return Files.readString(report);
    }

    private static Document parse(String html) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    }

    private static int count(Document page, String element) {
        return page.getElementsByTagName(element).getLength();
    }

    private static List<String> rowOf(Document page, String caption, String header) {
        NodeList tables = page.getElementsByTagName("table");
        for (int i = 0; i < tables.getLength(); i++) {
            Element table = (Element) tables.item(i);
            if (table.getElementsByTagName("caption").item(0).getTextContent().startsWith(caption)) {
                NodeList rows = table.getElementsByTagName("tr");
                for (int row = 1; row < rows.getLength(); row++) {
                    Element cells = (Element) rows.item(row);
                    if (cells.getElementsByTagName("th")
                            .item(0)
                            .getTextContent()
                            .equals(header)) {
                        List<String> texts = new ArrayList<>();
                        NodeList data = cells.getElementsByTagName("td");
                        for (int cell = 0; cell < data.getLength(); cell++) {
                            texts.add(data.item(cell).getTextContent());
                        }
                        return texts;
                    }
                }
            }
        }
        throw new AssertionError("no row " + header + " in a table " + caption);
    }

    @Test
    void printsTheNumbersOfTheManifest() throws Exception {
        Document page = parse(inspect(write(new Sketch())));

        assertThat(rowOf(page, "Observations", "2")).containsExactly("2.1111", "2.2222", "-2.3333", "4.4444");
        assertThat(rowOf(page, "Next observations", "1")).containsExactly("1.1111", "1.2222", "-1.3333", "2.4444");
        assertThat(rowOf(page, "Returns", "reward of a row"))
                .containsExactly("8", "1.2346", "0.9877", "0.0000", "2.0000");
        // The returns are 0 + 0.25 + 0.5 and 1 + 1.25 + ... + 2.
        assertThat(rowOf(page, "Returns", "return of an episode"))
                .containsExactly("2", "4.1250", "4.7730", "0.7500", "7.5000");
        assertThat(rowOf(page, "Returns", "length of an episode")).containsExactly("2", "4.0000", "1.4142", "3", "5");
        assertThat(page.getDocumentElement().getTextContent())
                .contains("12.3", "45.7%", "2 terminal and 0 timeout rows", "ab".repeat(32), "1,234 bytes");
        assertThat(out.toString())
                .containsPattern("task +hopper\n")
                .containsPattern("rows +8\n")
                .containsPattern("episodes +2\n")
                .containsPattern("source +file:/data/some.hdf5 \\(d4rl_v2, 8 rows, sha256 abababababab\\.\\.\\.\\)\n")
                .containsPattern("choices +boundary: flags; rewards: as recorded;")
                .containsPattern("returns +mean 4\\.1, std 4\\.8, min 0\\.8, max 7\\.5\n")
                .containsPattern("lengths +mean 4\\.0, std 1\\.4, min 3, max 5\n")
                .containsPattern("score +12\\.3 ")
                .containsPattern("actions +45\\.7%")
                .containsPattern("observation +2 +2\\.1111 +2\\.2222 +-2\\.3333 +4\\.4444\n")
                .containsPattern("reward +1\\.2346 +0\\.9877 +0\\.0000 +2\\.0000\n")
                .contains("report     " + folder.resolve("report.html"));
    }

    @Test
    void drawsEveryRowOfEveryPart() throws Exception {
        Document page = parse(inspect(write(new Sketch())));

        NodeList descriptions = page.getElementsByTagName("desc");
        assertThat(descriptions.item(0).getTextContent()).startsWith("2 episodes from ");
        assertThat(descriptions.item(2).getTextContent()).startsWith("8 rows from ");
        // Returns, lengths, rewards, three groups of magnitudes of the observation or fewer, actions.
        assertThat(count(page, "svg")).isBetween(5, 7).isEqualTo(count(page, "desc"));
        assertThat(count(page, "script")).isZero();
    }

    @Test
    void givesTheSameBytesAgain() throws Exception {
        Path dataset = write(new Sketch());

        assertThat(inspect(dataset)).isEqualTo(inspect(dataset));
    }

    @Test
    void writesHostileNamesAsText() throws Exception {
        Sketch sketch = new Sketch();
        sketch.source = "file:/data/<script>alert('x')</script>&\"\u0007";
        sketch.choices = new Manifest.Choices("<b>", null, null, false, null, null, null, null);

        String html = inspect(write(sketch));

        assertThat(html).doesNotContain("<script", "<b>", "\u0007");
        assertThat(parse(html).getDocumentElement().getTextContent())
                .contains("file:/data/<script>alert('x')</script>&\"\uFFFD", "<b>");
    }

    @Test
    void showsDataInWhichNothingVaries() throws Exception {
        Sketch sketch = new Sketch();
        sketch.lengths = new int[] {1};
        sketch.isConstant = true;
        sketch.recordsNext = false;
        sketch.task = null;
        sketch.score = null;

        Document page = parse(inspect(write(sketch)));

        assertThat(page.getDocumentElement().getTextContent())
                .contains(
                        "Every episode has the same: 2.5000.",
                        "Every episode has the same: 1.",
                        "Every row has the same: 2.5000.",
                        "3 dimensions of the observation never change: 0-2.",
                        "2 dimensions of the action never change: 0-1.",
                        "No row has its next observation, so this dataset can train no dynamics model.")
                .doesNotContain("NaN");
        assertThat(out.toString())
                .containsPattern("task +unknown\n")
                .containsPattern("score +none")
                .containsPattern("returns +mean 2\\.5, std 0\\.0, min 2\\.5, max 2\\.5\n")
                .doesNotContain("NaN");
    }

    @Test
    void drawsEachOf111Dimensions() throws Exception {
        Sketch sketch = new Sketch();
        sketch.observationSize = 111;

        Document page = parse(inspect(write(sketch)));

        NodeList texts = page.getElementsByTagName("line");
        long means = 0;
        for (int i = 0; i < texts.getLength(); i++) {
            means += ((Element) texts.item(i)).getAttribute("class").equals("mean") ? 1 : 0;
        }
        assertThat(means).isEqualTo(111 + 2);
        assertThat(rowOf(page, "Observations", "110")).startsWith("110.1111");
    }

    @Test
    void saysWhatWasFoundAndWhatItMeans() throws Exception {
        Sketch sketch = new Sketch();
        sketch.findings = new Findings(
                new Tally(4, 17, "rewards"), Tally.NONE, new Tally(2, 49_999, "next_observations"), 5, 6, 1, 3);
        sketch.choices = new Manifest.Choices("flags", "ant-angle", null, true, 10L, 0.1, 8L, 3L);

        Document page = parse(inspect(write(sketch)));

        for (String text : List.of(page.getDocumentElement().getTextContent(), out.toString())) {
            assertThat(text)
                    .contains("12 rows have no next observation: 5 terminal, 6 timeout, 1 end of file.")
                    .contains("2 unflagged boundaries, the first at row 49,999 of its source")
                    .contains(
                            "4 rows were left out for a NaN or infinite number, the first was row 17 of its source, in rewards.")
                    .contains("3 rows were left out as D4RL's qlearning_dataset does.")
                    .contains("The rows were drawn at random from the source.")
                    .contains(
                            "recomputed for ant-angle", "the first 10", "the best 10.0%", "8 drawn at random, seed 3");
        }
        assertThat(page.getDocumentElement().getTextContent())
                .contains("they train no dynamics", "its return and length are those of two");
    }

    @Test
    void warnsOfNextObservationsAcrossEpisodes() throws Exception {
        Sketch sketch = new Sketch();
        sketch.choices = new Manifest.Choices("legacy-d4rl", null, null, false, null, null, null, null);

        inspect(write(sketch));

        assertThat(out.toString())
                .contains("note       The next observation of every row is the observation of the row behind it")
                .doesNotContain("Every row has its next observation.");
    }

    @Test
    void doesNotReplaceAReportUnlessAsked() throws Exception {
        Path dataset = write(new Sketch());
        Path report = Files.writeString(folder.resolve("kept.html"), "kept");

        assertThat(run("inspect", dataset.toString(), "--output", report.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("mopo inspect: " + report + " exists; give --overwrite to replace it, or another --output"
                        + System.lineSeparator());
        assertThat(report).hasContent("kept");

        assertThat(run("inspect", dataset.toString(), "--output", report.toString(), "--overwrite"))
                .isZero();
        assertThat(report).content().startsWith("<!DOCTYPE html>");
        assertThat(folder.toFile().list()).as("nothing else is left").containsExactlyInAnyOrder("data", "kept.html");
    }

    @Test
    void refusesAFolderWithoutADatasetInOneLine() {
        assertThat(run("inspect", folder.resolve("nowhere").toString())).isEqualTo(2);

        assertThat(err.toString())
                .startsWith("mopo inspect: file:" + folder.resolve("nowhere") + ": no dataset.json; ")
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void refusesRowsThatAreNotTheManifests() throws Exception {
        Sketch sketch = new Sketch();
        sketch.largestReward = 1.5;
        Path dataset = write(sketch);
        Path report = folder.resolve("report.html");

        assertThat(run("inspect", dataset.toString(), "--output", report.toString()))
                .isEqualTo(2);

        assertThat(err.toString())
                .contains("row 6 has the reward 1.75 but dataset.json says 0.0 to 1.5; convert it again");
        assertThat(report).doesNotExist();
    }

    @Test
    void refusesAPartWithOtherBytes() throws Exception {
        Path dataset = write(new Sketch());
        try (var files = Files.walk(dataset)) {
            Path part = files.filter(path -> path.toString().endsWith("part-1.parquet"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(part);
            bytes[bytes.length / 2] ^= 1;
            Files.write(part, bytes);
        }

        assertThat(run(
                        "inspect",
                        dataset.toString(),
                        "--output",
                        folder.resolve("report.html").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("part-1.parquet: the SHA-256 is ").hasLineCount(1);
    }

    @Test
    void wantsAFolderForItsReport() throws Exception {
        Path dataset = write(new Sketch());

        assertThat(run(
                        "inspect",
                        dataset.toString(),
                        "--output",
                        folder.resolve("no/report.html").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--output: the folder " + folder.resolve("no") + " does not exist");
        assertThat(run("inspect", dataset.toString(), "--output", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("is a folder; name a file");
    }
}

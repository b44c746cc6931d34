package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.MemberEpoch;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.RecordedPenalties;
import io.github.mopospark.metrics.RunMetrics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class TrainingReportTest {
    private List<EpochMetrics> epochs = List.of();
    private List<MemberEpoch> members = List.of();
    private Optional<RecordedPenalties> penalties = Optional.empty();
    private List<String> retries = List.of();
    private String configuration = "rollout.length = 5\n";

    private String html() {
        Map<String, Double> phases = new LinkedHashMap<>();
        phases.put("conversion", 2.5);
        phases.put("ensemble training", 97.5);
        return TrainingReport.of(new TrainingSummary(
                "hopper",
                "hdfs://name/runs/one",
                new TrainingSummary.Dataset(
                        "hopper-medium-replay-v2",
                        "s3a://data/hopper",
                        402_000,
                        List.of("hopper.hdf5 " + "ab".repeat(32))),
                new RunMetrics(epochs, members),
                List.of(0, 2),
                penalties,
                phases,
                retries,
                configuration,
                new LinkedHashMap<>(Map.of("Spark", "3.5.7")),
                "mopo train --config conf/hopper.conf --set 'a=\"<1>\"'"));
    }

    private ParsedPage page() {
        String html = html();
        assertThat(html).doesNotContain("http://name", "<script", "src=");
        ParsedPage page = ParsedPage.of(html);
        assertThat(page.ids("title", "desc")).doesNotHaveDuplicates();
        for (Element path : page.elements("path")) {
            assertThat(path.getAttribute("d")).doesNotContain("NaN", "Infinity");
        }
        return page;
    }

    private static EpochMetrics epoch(int epoch, Map<Metric, Double> more) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.UPDATES, 1000.0 * epoch);
        values.put(Metric.ROLLOUT_REWARD, 2 + Math.sin(epoch));
        values.put(Metric.PENALTY_MEAN, 0.5);
        values.put(Metric.PENALTY_MAX, epoch % 7 == 0 ? Double.POSITIVE_INFINITY : 3.0);
        values.put(Metric.FIRST_CRITIC_LOSS, epoch % 5 == 0 ? 0.0 : 1.5 / epoch);
        values.put(Metric.TEMPERATURE, Math.exp(-0.001 * epoch));
        values.put(Metric.LOG_PROBABILITY, -3.0);
        values.put(Metric.UPDATE_SECONDS, 2.0);
        values.put(Metric.ROLLOUT_SECONDS, 1.0);
        values.putAll(more);
        return new EpochMetrics(epoch, values);
    }

    private static Map<Metric, Double> score(double score) {
        return Map.of(Metric.SCORE_MEAN, score, Metric.SCORE_STD, 1.25, Metric.RETURN_MEAN, 30 * score);
    }

    private static List<String> figures(ParsedPage page) {
        return page.texts("h3");
    }

    @Test
    void penaltiesOfRecordedRowsStandWithTheModelAndAWarningWhereTheyAreTheSame() {
        members = List.of(new MemberEpoch(0, 1, 0.5, 0.25));
        assertThat(page().texts("h2")).contains("Dynamics model");
        assertThat(html()).doesNotContain("recorded row");
        penalties = Optional.of(new RecordedPenalties(800, 0.0352, 0.1383, 0.3641, 0.812));
        assertThat(page().texts("caption")).contains("Penalties of 800 recorded rows, before lambda");
        assertThat(html()).contains(">0.0352<", ">0.1383<", ">0.3641<", ">0.81<");
        assertThat(html()).doesNotContain("cannot tell");
        penalties = Optional.of(new RecordedPenalties(800, 2.8446, 2.8447, 2.8452, Double.NaN));
        assertThat(html()).contains("The penalty is nearly the same for all rows");
    }

    @Test
    void namesTaskDatasetAndScoresFirst() {
        epochs = IntStream.rangeClosed(1, 24)
                .mapToObj(epoch -> epoch(epoch, epoch % 2 == 0 ? score(epoch == 4 ? 99 : epoch) : Map.of()))
                .toList();

        ParsedPage page = page();

        assertThat(page.texts("h1")).containsExactly("hopper from hopper-medium-replay-v2: score 24.0");
        List<String> facts = page.texts("dd");
        assertThat(facts)
                .containsSubsequence(
                        "24.0", "at epoch 24, ± 1.3 over its episodes", "15.0", "of the last 10 evaluations", "99.0");
        assertThat(facts).contains("402,000 rows", "24,000 updates", "2 min 52 s");
    }

    @Test
    void tellsWhatIsKnownWithoutASimulatorWhereThatWasMeasured() {
        epochs = List.of(
                epoch(1, Map.of(Metric.FITTED_Q_VALUE, 1.0)),
                epoch(
                        2,
                        Map.of(
                                Metric.FITTED_Q_VALUE,
                                210.126,
                                Metric.PENALISED_MODEL_RETURN,
                                -3.5,
                                Metric.MODEL_PENALTY,
                                0.12345)),
                epoch(3, score(1)));

        assertThat(page().table("Figures without a simulator"))
                .extracting(row -> row.subList(0, 2))
                .containsExactly(
                        List.of("figure", "value"),
                        List.of("fitted Q value", "210.13"),
                        List.of("penalised model return", "-3.50"),
                        List.of("model penalty", "0.1235"));
        epochs = List.of(epoch(3, score(1)));
        assertThat(page().texts("h2")).contains("Dynamics model").doesNotContain("Without a simulator");
    }

    @Test
    void listsEveryEvaluation() {
        epochs = List.of(epoch(5, score(1)), epoch(6, Map.of()), epoch(1_000, score(-2.345)));

        assertThat(page().table("All evaluations"))
                .containsExactly(
                        List.of(
                                "epoch",
                                "updates",
                                "score",
                                "score std",
                                "return",
                                "return std",
                                "lowest",
                                "highest",
                                "steps"),
                        List.of("5", "5,000", "1.00", "1.25", "30.00", "-", "-", "-", "-"),
                        List.of("1,000", "1,000,000", "-2.35", "1.25", "-70.35", "-", "-", "-", "-"));
    }

    @Test
    void drawsAThousandEpochsAndClosesTheirLongTable() {
        epochs = IntStream.rangeClosed(1, 1_000)
                .mapToObj(epoch -> epoch(epoch, score(epoch * 0.1)))
                .toList();

        ParsedPage page = page();

        assertThat(figures(page))
                .contains("Score in the environment", "Losses of the critics", "Entropy of the policy");
        assertThat(page.elements("details").get(0).hasAttribute("open")).isFalse();
        assertThat(page.table("All evaluations")).hasSize(1_001);
    }

    @Test
    void reportsOneEvaluation() {
        epochs = List.of(epoch(1, score(3)));

        ParsedPage page = page();

        assertThat(page.texts("dd")).contains("of the last 1 evaluation");
        assertThat(figures(page)).contains("Score in the environment");
        assertThat(page.elements("details").get(0).hasAttribute("open")).isTrue();
    }

    @Test
    void reportsARunWithoutEvaluations() {
        epochs = List.of(epoch(1, Map.of()), epoch(2, Map.of(Metric.SCORE_MEAN, Double.NaN)));

        ParsedPage page = page();

        assertThat(page.texts("h1")).containsExactly("hopper from hopper-medium-replay-v2");
        assertThat(page.texts("dd")).contains("none", "the policy was not evaluated");
        assertThat(figures(page)).doesNotContain("Score in the environment", "Length of episodes");
        assertThat(page.texts("p")).anyMatch(text -> text.startsWith("The policy was not evaluated in this run"));
    }

    @Test
    void reportsTheReturnOfATaskWithoutScore() {
        epochs = List.of(epoch(1, Map.of(Metric.RETURN_MEAN, 4123.45, Metric.RETURN_STD, 10.0)));

        ParsedPage page = page();

        assertThat(page.texts("h1").get(0)).endsWith(": return 4,123.5");
        assertThat(page.texts("dt")).contains("Last return", "Mean return", "Best return");
        assertThat(figures(page)).contains("Return in the environment").doesNotContain("Score in the environment");
    }

    @Test
    void reportsARunThatHasJustBegun() {
        ParsedPage page = page();

        assertThat(figures(page)).isEmpty();
        assertThat(page.texts("p")).contains("Nothing was measured of this.", "Nothing failed.");
        assertThat(page.table("Wall-clock time of the phases"))
                .contains(List.of("ensemble training", "97.5", "97.5%", "-"), List.of("all", "100.0", "100.0%", "-"));
    }

    @Test
    void drawsAllMembersAndMarksTheElites() {
        for (int member = 0; member < 3; member++) {
            List<MemberEpoch> all = new ArrayList<>(members);
            all.add(new MemberEpoch(member, 1, Double.NaN, 1));
            all.add(new MemberEpoch(member, 2, Double.NaN, 0.1 * (member + 1)));
            all.add(new MemberEpoch(member, 3, Double.NaN, member == 2 ? Double.NaN : 0.5));
            members = all;
        }

        ParsedPage page = page();

        assertThat(page.table("Members of the ensemble"))
                .containsExactly(
                        List.of("member", "elite", "lowest holdout error", "at epoch", "epochs"),
                        List.of("0", "yes", "0.1000", "2", "3"),
                        List.of("1", "no", "0.2000", "2", "3"),
                        List.of("2", "yes", "0.3000", "2", "3"));
        assertThat(figures(page)).containsExactly("Holdout error of the members");
        assertThat(page.elements("path").stream().map(path -> path.getAttribute("class")))
                .containsExactly("line stroke-first", "line stroke-quiet", "line stroke-first");
        assertThat(page.elements("ul").stream()
                        .filter(list -> list.getAttribute("class").equals("legend"))
                        .map(list -> list.getTextContent().strip().replaceAll("\\s+", " ")))
                .containsExactly("elite not an elite");
    }

    @Test
    void addsUpTheSecondsOfEachPhase() {
        epochs = List.of(epoch(1, Map.of()), epoch(2, Map.of(Metric.CHECKPOINT_SECONDS, 4.0)));

        assertThat(page().table("Wall-clock time of the phases"))
                .contains(
                        List.of("conversion", "2.5", "2.3%", "-"),
                        List.of("rollouts", "2.0", "1.8%", "1.00"),
                        List.of("updates", "4.0", "3.6%", "2.00"),
                        List.of("checkpoints", "4.0", "3.6%", "2.00"),
                        List.of("all", "110.0", "100.0%", "-"));
    }

    @Test
    void saysWhatWasRetriedAndHowToRunAgain() {
        retries = List.of("Executor 2 was lost; member 3 went on from epoch 20.", "<b>odd</b> & \u0000");
        configuration = "key = value\n".repeat(100);

        ParsedPage page = page();

        assertThat(page.texts("li")).containsExactly(retries.get(0), "<b>odd</b> & \uFFFD");
        assertThat(page.texts("pre"))
                .containsExactly("mopo train --config conf/hopper.conf --set 'a=\"<1>\"'", configuration.strip());
        assertThat(page.texts("dd")).contains("s3a://data/hopper", "hopper.hdf5 " + "ab".repeat(32), "3.5.7");
        assertThat(page.elements("details").get(0).hasAttribute("open")).isFalse();
    }

    @Test
    void givesTheSameBytesForTheSameSummary() {
        epochs = List.of(epoch(1, score(3)), epoch(2, Map.of()));

        assertThat(html()).isEqualTo(html());
    }
}

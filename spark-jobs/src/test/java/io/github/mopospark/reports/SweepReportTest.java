package io.github.mopospark.reports;

import static io.github.mopospark.reports.SweepFixture.trial;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.metrics.Metric;
import io.github.mopospark.reports.SweepFixture.TrialBuilder;
import io.github.mopospark.runs.SweepJournal.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class SweepReportTest {
    private static ParsedPage page(TrialBuilder... trials) {
        return page(
                SweepFixture.of(Arrays.stream(trials).map(TrialBuilder::build).toList()));
    }

    private static ParsedPage page(SweepSummary summary) {
        String html = SweepReport.of(summary);
        assertThat(html).doesNotContain("src=", "href=\"http", "javascript:");
        ParsedPage page = ParsedPage.of(html);
        List<String> ids = page.ids("section", "title", "desc");
        assertThat(ids).doesNotHaveDuplicates();
        for (Element path : page.elements("path")) {
            assertThat(path.getAttribute("d")).doesNotContain("NaN", "Infinity");
        }
        assertThat(page.elements("a").stream()
                        .map(link -> link.getAttribute("href"))
                        .filter(link -> link.startsWith("#"))
                        .map(link -> link.substring(1)))
                .allMatch(ids::contains);
        return page;
    }

    /** The cells of a map, each as its lines. */
    private static List<List<String>> map(ParsedPage page) {
        return page.elements("td").stream()
                .filter(cell -> cell.getAttribute("class").startsWith("heat"))
                .map(cell -> cell.getTextContent().isEmpty()
                        ? List.<String>of()
                        : ParsedPage.list(cell.getElementsByTagName("span")).stream()
                                .map(Element::getTextContent)
                                .toList())
                .toList();
    }

    private static List<String> column(ParsedPage page, String caption, String heading) {
        List<List<String>> table = page.table(caption);
        int column = table.get(0).indexOf(heading);
        return table.stream().skip(1).map(row -> row.get(column)).toList();
    }

    private static TrialBuilder seed(int seed, double... scores) {
        return trial("seed" + seed).cell(1, 1, seed).scores(scores);
    }

    @Test
    void printsMeanAndSpreadOverTheSeedsOfEachCell() {
        ParsedPage page = page(
                trial("a").cell(5, 0.5, 0).scores(10, 20),
                trial("b").cell(5, 0.5, 1).scores(30, 40),
                trial("c").cell(5, 2, 0).scores(50, 60),
                trial("d").cell(1, 2, 0).scores(40, 50));

        assertThat(page.table("Mean score by h and lambda"))
                .extracting(row -> row.get(0))
                .containsExactly("", "h = 1", "h = 5");
        assertThat(page.table("Mean score by h and lambda").get(0)).containsExactly("", "lambda = 0.5", "lambda = 2");
        assertThat(map(page))
                .containsExactly(
                        List.of(),
                        List.of("45.0", "rank 2", "1 seed, epoch 20"),
                        List.of("25.0 ± 14.1", "rank 3", "2 seeds, epoch 20"),
                        List.of("55.0", "best", "1 seed, epoch 20"));
        assertThat(page.texts("dd"))
                .containsSubsequence("4 of 4", "1", "55.0", "h = 5, lambda = 2; score of 1 seed at epoch 20");
    }

    @Test
    void coloursTheBestCellMostAndTheWorstLeast() {
        ParsedPage page = page(
                trial("a").cell(1, 1, 0).scores(10),
                trial("b").cell(1, 5, 0).scores(100),
                trial("c").cell(5, 1, 0).scores(55),
                trial("d").cell(5, 5, 0).status(Status.FAILED).scores(200));

        assertThat(page.elements("td").stream()
                        .map(cell -> cell.getAttribute("class"))
                        .filter(style -> style.startsWith("heat")))
                .containsExactly("heat heat-0", "heat heat-6", "heat heat-3", "heat none");
    }

    @Test
    void averagesTheLastTenEvaluations() {
        ParsedPage page = page(seed(0, 1000, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));

        assertThat(map(page).get(0)).startsWith("5.5");
        assertThat(page.table("Trials").get(1))
                .startsWith("seed0", "done", "110 of 100", "1", "10.0", "5.5", "1,000.0");
    }

    @Test
    void aCellWithAFailedSeedIsNotRanked() {
        ParsedPage page = page(
                trial("lucky").cell(1, 1, 0).scores(90),
                trial("failed").cell(1, 1, 1).status(Status.FAILED),
                trial("steady").cell(1, 5, 0).scores(20));

        assertThat(map(page).get(0)).noneMatch(line -> line.contains("best")).contains("1 failed");
        assertThat(map(page).get(1)).contains("best");
    }

    @Test
    void comparesAtTheLatestEpochThatAllReached() {
        ParsedPage page = page(
                trial("quick").cell(1, 1, 0).scores(10, 20, 90),
                trial("slow").cell(1, 5, 0).scores(12, 22).status(Status.RUNNING));

        assertThat(map(page))
                .containsExactly(
                        List.of("15.0", "rank 2", "so far 40.0, 1 seed", "1 seed, epoch 30"),
                        List.of("17.0", "best", "1 seed, epoch 20", "1 running"));
        assertThat(page.texts("p"))
                .anyMatch(
                        text -> text.contains(
                                "2 trials are compared at epoch 20, the latest after which all of these were evaluated (slow got no further)"));
        assertThat(column(page, "Trials", "rank")).containsExactly("2", "1");
        assertThat(column(page, "Trials", "mean of 10")).containsExactly("40.0", "17.0");
        assertThat(page.texts("dd")).contains("17.0", "h = 1, lambda = 5; score of 1 seed at epoch 20");
    }

    @Test
    void comparesTheEvaluationsThatAllTrialsHave() {
        TrialBuilder often = seed(0, 10, 20).set(25, Metric.SCORE_MEAN, 90);
        TrialBuilder seldom = trial("seldom").cell(1, 5, 0).set(20, Metric.SCORE_MEAN, 30);
        ParsedPage page = page(often, seldom.set(40, Metric.SCORE_MEAN, 0));

        assertThat(map(page).get(0)).startsWith("20.0", "rank 2");
        assertThat(map(page).get(1)).startsWith("30.0", "best");
        assertThat(page.texts("p"))
                .anyMatch(text -> text.contains("the mean of its last 1 evaluation that all")
                        && text.contains("compared at epoch 20, "));
    }

    @Test
    void ranksNothingWithoutACommonEvaluation() {
        ParsedPage page =
                page(seed(0, 10, 20), seed(1).set(15, Metric.SCORE_MEAN, 30).set(35, Metric.SCORE_MEAN, 40));

        assertThat(column(page, "Trials", "rank")).containsExactly("-", "-");
        assertThat(page.texts("li"))
                .containsExactly("Not ranked, evaluated after other epochs than the others: seed0, seed1.");
    }

    @Test
    void saysThatEveryCellHasAFailedSeed() {
        ParsedPage page = page(seed(0, 10), seed(1).status(Status.FAILED));

        assertThat(page.texts("dd")).contains("none", "a seed of each cell has failed");
    }

    @Test
    void sortsSettingsThatAreNumbersAsNumbers() {
        ParsedPage page = page(
                trial("a").others(Map.of("learner.polyak", "5.0E-5", "kernels", "cpu")),
                trial("b").others(Map.of("learner.polyak", "0.25", "kernels", "nd4j")));

        assertThat(page.elements("th").stream()
                        .filter(heading -> List.of("learner.polyak", "kernels").contains(heading.getTextContent()))
                        .map(heading -> heading.getAttribute("class")))
                .containsExactly("text", "number");
    }

    @Test
    void doesNotRankWhatFailedWasStoppedOrIsNotEvaluated() {
        ParsedPage page = page(
                seed(0, 10, 20),
                seed(1, 90, 90).status(Status.FAILED).attempts(2, "member 3 diverged"),
                seed(2, 5).status(Status.STOPPED),
                seed(3).status(Status.RUNNING),
                seed(4).status(Status.WAITING).attempts(0, ""),
                seed(5, 20, 30));

        assertThat(map(page))
                .containsExactly(List.of(
                        "not ranked",
                        "so far 33.8 ± 38.4, 4 seeds",
                        "6 seeds, epochs 20 | 20 | 10 | 0 | 0 | 20",
                        "1 waiting, 1 running, 1 stopped, 1 failed"));
        assertThat(page.texts("li"))
                .containsExactly(
                        "Not ranked, failed: seed1.",
                        "Not ranked, stopped by successive halving: seed2.",
                        "Not ranked, not evaluated yet: seed3, seed4.");
        assertThat(column(page, "Trials", "rank")).containsExactly("2", "-", "-", "-", "-", "1");
        assertThat(page.texts("dd")).contains("2 of 6", "1 running, 1 waiting, 1 failed, 1 stopped");
        assertThat(page.table("Attempts that failed"))
                .containsExactly(
                        List.of("trial", "status now", "attempts", "epochs", "why"),
                        List.of("seed1", "failed", "2", "20", "member 3 diverged"));
    }

    @Test
    void doesNotRankATrialThatWasFirstEvaluatedLater() {
        ParsedPage page = page(
                seed(0, 10),
                trial("late").cell(1, 1, 1).set(20, Metric.SCORE_MEAN, 50),
                trial("infinite").cell(1, 1, 2).scores(Double.POSITIVE_INFINITY));

        assertThat(page.texts("li"))
                .containsExactly(
                        "Not ranked, first evaluated after epoch 10: late.",
                        "Not ranked, evaluated to a number that is not finite: infinite.");
    }

    @Test
    void reportsASweepThatHasJustBegun() {
        ParsedPage page =
                page(trial("a").status(Status.WAITING), trial("b").cell(5, 1, 0).status(Status.WAITING));

        assertThat(page.texts("dd")).contains("0 of 2", "2 waiting", "none", "no trial is ranked");
        assertThat(map(page))
                .containsExactly(
                        List.of("not ranked", "1 seed, epoch 0", "1 waiting"),
                        List.of("not ranked", "1 seed, epoch 0", "1 waiting"));
        assertThat(page.elements("svg")).isEmpty();
        assertThat(page.texts("p"))
                .contains("No trial failed.")
                .anyMatch(text -> text.endsWith("None of its trials is ranked."))
                .anyMatch(text -> text.startsWith("None of these was measured in this sweep yet"));
    }

    @Test
    void reportsASweepWithoutTrials() {
        assertThat(page().texts("h1")).containsExactly("0 trials on 0 datasets");
    }

    @Test
    void separatesDatasetsAndTasks() {
        ParsedPage page = page(
                trial("a").on("hopper", "hopper-medium-v2").scores(10),
                trial("b")
                        .on("halfcheetah-jump", "halfcheetah-medium-replay")
                        .measuring(Metric.RETURN_MEAN)
                        .scores(4000),
                trial("c").on("hopper", "hopper-medium-v2").cell(5, 1, 0).scores(20));

        assertThat(page.texts("h1"))
                .containsExactly("3 trials on hopper-medium-v2 and halfcheetah-jump from halfcheetah-medium-replay");
        assertThat(page.texts("h2")).startsWith("hopper-medium-v2", "halfcheetah-jump from halfcheetah-medium-replay");
        assertThat(column(page, "Trials", "rank")).containsExactly("2", "1", "1");
        assertThat(page.texts("dt"))
                .contains("Best cell, hopper-medium-v2", "Best cell, halfcheetah-jump from halfcheetah-medium-replay");
        assertThat(page.texts("p")).anyMatch(text -> text.contains("scores, or returns where the task has none"));
    }

    @Test
    void drawsAMapForEachCombinationOfOtherSettings() {
        List<TrialBuilder> trials = new ArrayList<>();
        for (String kind : List.of("max-aleatoric", "ensemble-std")) {
            for (int length : List.of(1, 5)) {
                trials.add(trial(kind + length)
                        .cell(length, 1, 0)
                        .others(Map.of("rollout.penalty", kind, "learner.epochs", "100"))
                        .scores(length));
            }
        }
        ParsedPage page = page(trials.toArray(TrialBuilder[]::new));

        assertThat(page.table("Mean score by h and lambda, with rollout.penalty = ensemble-std"))
                .hasSize(3);
        assertThat(page.table("Mean score by h and lambda, with rollout.penalty = max-aleatoric"))
                .hasSize(3);
        assertThat(column(page, "Trials", "rollout.penalty"))
                .containsExactly("max-aleatoric", "max-aleatoric", "ensemble-std", "ensemble-std");
        assertThat(page.table("Trials").get(0)).doesNotContain("learner.epochs");
    }

    @Test
    void listsCellsWhereHAndLambdaDoNotVaryOrLeaveATableEmpty() {
        ParsedPage other = page(
                trial("a").others(Map.of("k", "1")).scores(10),
                trial("b").others(Map.of("k", "2")).scores(20));
        assertThat(other.table("Mean score by settings"))
                .extracting(row -> row.get(0))
                .containsExactly("settings", "h = 1, lambda = 1, k = 1", "h = 1, lambda = 1, k = 2");

        ParsedPage random = page(
                trial("a").cell(1, 0.123456789, 0).scores(10),
                trial("b").cell(3, 1e-5, 0).scores(20),
                trial("c").cell(5, 4, 0).scores(30));
        assertThat(random.table("Mean score by settings"))
                .extracting(row -> row.get(0))
                .containsExactly(
                        "settings", "h = 1, lambda = 0.123457", "h = 3, lambda = 0.00001", "h = 5, lambda = 4");
    }

    @Test
    void drawsACurveForEachSeedOnTheSameAxes() {
        ParsedPage page = page(
                trial("a").cell(1, 1, 0).scores(10, 20),
                trial("b").cell(1, 1, 1).scores(30, 40),
                trial("c").cell(5, 1, 0).scores(50, 100, 70),
                trial("d").cell(5, 5, 0).status(Status.WAITING));

        List<Element> charts = page.elements("svg");
        assertThat(charts).hasSize(2);
        assertThat(charts.stream().map(chart -> lines(chart, "path").size())).containsExactly(2, 1);
        List<List<String>> axes = charts.stream()
                .map(chart -> lines(chart, "line").stream()
                        .map(line -> line.getAttribute("x1") + " " + line.getAttribute("y1"))
                        .toList())
                .toList();
        assertThat(axes.get(0)).isEqualTo(axes.get(1));
        assertThat(page.texts("figcaption")).containsExactly("Not evaluated yet.");
    }

    private static List<Element> lines(Element chart, String name) {
        return ParsedPage.list(chart.getElementsByTagName(name));
    }

    @Test
    void putsThePapersFiguresBeside() {
        ParsedPage page = page(
                trial("a").on("hopper", "hopper-medium-replay-v2").cell(1, 5, 0).scores(30),
                trial("b").on("hopper", "hopper-medium-replay-v2").cell(5, 1, 0).scores(20),
                trial("c").on("hopper", "hopper-medium-replay-v2").cell(5, 5, 0).scores(40));

        assertThat(page.table("Beside the paper"))
                .containsExactly(
                        List.of("", "score", "h", "lambda"),
                        List.of("paper: MOPO", "67.5", "1", "5"),
                        List.of("here: the paper's h and lambda", "30.0", "1", "5"),
                        List.of("here: those of the authors' code", "20.0", "5", "1"),
                        List.of("here: best cell", "40.0", "5", "5"));
        assertThat(page.texts("p")).anyMatch(text -> text.contains("D4RL's data of version v0"));
    }

    @Test
    void saysWhatOfThePaperWasNotTried() {
        ParsedPage page = page(
                trial("a").on("halfcheetah", "halfcheetah-random").cell(5, 1, 0).scores(30));

        assertThat(page.table("Beside the paper"))
                .containsExactly(
                        List.of("", "score", "h", "lambda"),
                        List.of("paper: MOPO", "35.4 ± 2.5", "5", "0.5"),
                        List.of("paper: MBPO, without a penalty", "30.7 ± 3.9", "-", "-"),
                        List.of("here: the paper's h and lambda", "not tried", "5", "0.5"),
                        List.of("here: best cell", "30.0", "5", "1"));
    }

    @Test
    void comparesReturnsOfTasksWithoutScoreWithThePapers() {
        ParsedPage page = page(trial("a")
                .on("halfcheetah-jump", "halfcheetah-medium-replay")
                .measuring(Metric.RETURN_MEAN)
                .scores(3000));

        assertThat(page.table("Beside the paper"))
                .contains(List.of("", "return", "h", "lambda"), List.of("paper: MOPO", "4,016.6 ± 144.0", "5", "1"));
    }

    @Test
    void knowsTheOldNameOfMediumReplay() {
        assertThat(page(trial("a").on("walker2d", "walker2d-mixed-v0").scores(1))
                        .table("Beside the paper"))
                .contains(List.of("paper: MOPO", "39.0", "1", "1"));
    }

    @Test
    void hasNoPaperForOtherData() {
        assertThat(page(trial("a").on("hopper", "hopper-sample").scores(1)).texts("caption"))
                .doesNotContain("Beside the paper");
        assertThat(page(trial("a").on("ant", "hopper-medium").scores(1)).texts("caption"))
                .doesNotContain("Beside the paper");
    }

    @Test
    void ranksByWhatIsKnownWithoutTheSimulator() {
        ParsedPage page = page(
                seed(0, 10, 30).offline(20, 300, 5, 0.1),
                seed(1, 30, 50).offline(20, 100, 5, 0.2),
                seed(2, 20, 40).offline(20, 200, 7, 0.3),
                seed(3, 5, 15).offline(20, -50, 3, 0.4),
                seed(4, 99, 99).offline(20, 999, 9, 0.0).status(Status.FAILED));

        assertThat(page.table("Policies of epoch 20 of hopper-medium-replay"))
                .containsExactly(
                        List.of(
                                "trial",
                                "score",
                                "fitted Q value",
                                "rank",
                                "penalised model return",
                                "rank",
                                "model penalty",
                                "rank"),
                        List.of("seed1", "40.0", "100.00", "3", "5.00", "2.5", "0.2000", "2"),
                        List.of("seed2", "30.0", "200.00", "2", "7.00", "1", "0.3000", "3"),
                        List.of("seed0", "20.0", "300.00", "1", "5.00", "2.5", "0.1000", "1"),
                        List.of("seed3", "10.0", "-50.00", "4", "3.00", "4", "0.4000", "4"));
        // Ranks of the scores are 1, 2, 3, 4: by Spearman 1 - 6 (4 + 4) / (4 * 15) for the first, and with a tie for
        // the second.
        assertThat(page.table("What choosing by each figure would have given"))
                .containsExactly(
                        List.of(
                                "figure",
                                "rank correlation",
                                "trials",
                                "score of the chosen",
                                "of the best",
                                "mean of all",
                                "chosen"),
                        List.of("fitted Q value", "0.20", "4", "20.0", "40.0", "25.0", "seed0"),
                        List.of("penalised model return", "0.63", "4", "30.0", "40.0", "25.0", "seed2"),
                        List.of("model penalty", "0.40", "4", "20.0", "40.0", "25.0", "seed0"));
    }

    @Test
    void givesNoCorrelationOfTwoTrialsNorOfEqualFigures() {
        ParsedPage two = page(seed(0, 10).offline(10, 1, 2, 3), seed(1, 20).offline(10, 2, 3, 4));
        assertThat(column(two, "What choosing by each figure would have given", "rank correlation"))
                .containsExactly("-", "-", "-");

        ParsedPage equal = page(
                seed(0, 10).offline(10, 1, 2, 3),
                seed(1, 20).offline(10, 1, 2, 4),
                seed(2, 30).offline(10, 1, 1, 5));
        assertThat(column(equal, "What choosing by each figure would have given", "rank correlation"))
                .containsExactly("-", "-0.87", "-1.00");
    }

    @Test
    void ranksPoliciesOfTheSameEpochOnly() {
        ParsedPage page = page(
                seed(0, 10, 20).offline(20, 1, 1, 1),
                seed(1, 10, 30).offline(20, 2, 2, 2),
                seed(2, 90).offline(10, 3, 3, 3).status(Status.RUNNING));

        assertThat(column(page, "Policies of epoch 20 of hopper-medium-replay", "trial"))
                .containsExactly("seed1", "seed0");
        assertThat(page.texts("p")).contains("Not ranked, because their policies are of another epoch: seed2 (10).");
    }

    @Test
    void ranksWithoutAnyEvaluation() {
        ParsedPage page =
                page(seed(0).offline(20, 1, Double.NaN, 0.5), seed(1).offline(20, 3, Double.NaN, 0.1), seed(2));

        assertThat(page.table("Policies of epoch 20 of hopper-medium-replay"))
                .contains(
                        List.of("seed1", "-", "3.00", "1", "-", "-", "0.1000", "1"),
                        List.of("seed0", "-", "1.00", "2", "-", "-", "0.5000", "2"));
        assertThat(page.texts("caption")).doesNotContain("What choosing by each figure would have given");
        assertThat(page.texts("p"))
                .anyMatch(text -> text.startsWith("No trial has a return, so nothing tells how far"));
    }

    @Test
    void linksToEachRunWhateverItsName() {
        String hostile = "<script>alert(1)</script> 50%#?:\"'&\u00e9\u0000";
        ParsedPage page = page(
                trial(hostile).on(hostile, hostile).others(Map.of(hostile, "1")).scores(1),
                trial("b")
                        .on(hostile, hostile)
                        .others(Map.of(hostile, hostile))
                        .attempts(2, hostile)
                        .scores(2));

        assertThat(page.elements("script")).hasSize(1);
        assertThat(page.elements("a").stream().map(link -> link.getAttribute("href")))
                .contains(
                        "trials/%3Cscript%3Ealert%281%29%3C/script%3E%2050%25%23%3F%3A%22%27%26%C3%A9%00/report.html",
                        "trials/b/report.html");
        assertThat(page.table("Trials").get(1).get(0)).isEqualTo(hostile.replace('\u0000', '\uFFFD'));
        assertThat(page.table("Attempts that failed").get(1)).endsWith(hostile.replace('\u0000', '\uFFFD'));
        assertThat(Links.relative("//host/x")).isEqualTo("%2F/host/x");
    }

    @Test
    void tellsHowToRunTheSweepAgain() {
        assertThat(page(seed(0, 1)).texts("pre")).containsExactly(SweepFixture.COMMAND);
    }

    @Test
    void allowsTheBrowserToRunItsOwnScriptOnly() throws Exception {
        ParsedPage page = page(seed(0, 1));

        String script = page.elements("script").get(0).getTextContent();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
        assertThat(page.elements("meta").stream().map(meta -> meta.getAttribute("content")))
                .contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'"
                        .formatted(Base64.getEncoder().encodeToString(digest)));
    }

    @Test
    void keepsALargeSweepSmall() {
        List<String> datasets = new ArrayList<>();
        for (String task : List.of("hopper", "halfcheetah", "walker2d")) {
            for (String kind : List.of("random", "medium", "medium-replay", "medium-expert")) {
                datasets.add(task + "-" + kind);
            }
        }
        SweepSummary summary = SweepFixture.realistic(datasets, 3, 1_000);

        String html = SweepReport.of(summary);

        assertThat(summary.trials()).hasSize(144);
        assertThat(html.length()).isLessThan(1_000_000);
        assertThat(SweepReport.of(summary)).isEqualTo(html);
        assertThat(page(summary).table("Trials")).hasSize(145);
    }
}

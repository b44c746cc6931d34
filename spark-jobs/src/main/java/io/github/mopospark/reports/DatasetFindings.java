package io.github.mopospark.reports;

import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.preparation.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says in sentences what was found in a dataset, and what it means for a dynamics model that learns from it. */
public final class DatasetFindings {
    /** A dimension that varies less counts as constant where inputs are standardised. */
    private static final double CONSTANT = 1e-12;

    private static final String LEGACY = "legacy-d4rl";

    private DatasetFindings() {}

    /**
     * The findings of a dataset.
     *
     * @param manifest of the dataset
     * @return the findings; those with nothing to do among them
     */
    public static List<Finding> of(Manifest manifest) {
        List<Finding> found = new ArrayList<>();
        Findings findings = manifest.findings();
        withoutNext(found, manifest);
        unflagged(found, manifest);
        nonfinite(found, findings);
        if (findings.actionsOutside().count() > 0) {
            found.add(
                    new Finding(
                            true,
                            "%s an action outside of [-1, 1], the first is row %s of its source."
                                    .formatted(
                                            Numbers.counted(
                                                    findings.actionsOutside().count(), "row has", "rows have"),
                                            Numbers.count(
                                                    findings.actionsOutside().firstRow())),
                            "Environments clip actions, so a dynamics model learns a wrong cause from these rows. Rescale the actions."));
        }
        if (findings.leftOutByLegacy() > 0) {
            found.add(new Finding(
                    true,
                    "%s left out as D4RL's qlearning_dataset does."
                            .formatted(Numbers.counted(findings.leftOutByLegacy(), "row was", "rows were")),
                    "They are the rows cut by time and the last of the file. The model has fewer rows to learn from, and"
                            + " returns and lengths lack these steps."));
        }
        selection(found, manifest.choices());
        constant(found, "observation", manifest.statistics().observation());
        constant(found, "action", manifest.statistics().action());
        return found;
    }

    private static void withoutNext(List<Finding> found, Manifest manifest) {
        Findings findings = manifest.findings();
        if (findings.withoutNext() > 0) {
            found.add(new Finding(
                    true,
                    "%s no next observation: %s terminal, %s timeout, %s end of file."
                            .formatted(
                                    Numbers.counted(findings.withoutNext(), "row has", "rows have"),
                                    Numbers.count(findings.withoutNextAtTerminal()),
                                    Numbers.count(findings.withoutNextAtTimeout()),
                                    Numbers.count(findings.withoutNextAtEndOfFile())),
                    "The source did not record where these steps led, so they train no dynamics. A policy can still learn"
                            + " from the terminal ones, whose value needs no next observation."));
        } else if (LEGACY.equals(manifest.choices().boundary())) {
            found.add(
                    new Finding(
                            true,
                            "The next observation of every row is the observation of the row behind it (--boundary legacy-d4rl).",
                            "After a terminal row that is the start of another episode: a dynamics model learns these jumps as if the"
                                    + " environment made them. Take this dataset only to compare with others that have it so."));
        } else {
            found.add(
                    new Finding(false, "Every row has its next observation.", "All rows can train a dynamics model."));
        }
    }

    private static void unflagged(List<Finding> found, Manifest manifest) {
        var unflagged = manifest.findings().unflagged();
        if (unflagged.count() == 0) {
            return;
        }
        String boundary = manifest.choices().boundary();
        String meaning =
                "Each row keeps the next observation that was recorded for it, so a dynamics model is not misled. ";
        if ("discontinuity".equals(boundary)) {
            meaning += "The episodes were ended there, as if cut by time.";
        } else if ("truncations".equals(unflagged.firstPlace())) {
            meaning += "Episodes that end with the file's group were ended there, though no flag says why.";
        } else {
            meaning += "But the episode runs on across the boundary (--boundary " + boundary
                    + "): its return and length are those of two. Convert with --boundary discontinuity to end it there.";
        }
        found.add(new Finding(
                true,
                "%s, the first at row %s of its source: the next row starts elsewhere."
                        .formatted(
                                Numbers.counted(unflagged.count(), "unflagged boundary", "unflagged boundaries"),
                                Numbers.count(unflagged.firstRow())),
                meaning));
    }

    private static void nonfinite(List<Finding> found, Findings findings) {
        if (findings.nonfinite().count() > 0) {
            found.add(new Finding(
                    true,
                    "%s left out for a NaN or infinite number, the first was row %s of its source, in %s."
                            .formatted(
                                    Numbers.counted(findings.nonfinite().count(), "row was", "rows were"),
                                    Numbers.count(findings.nonfinite().firstRow()),
                                    findings.nonfinite().firstPlace()),
                    "One such number would make every weight of a model NaN. Episodes have a gap where a row was left out, and"
                            + " their returns and lengths lack it."));
        } else {
            found.add(new Finding(
                    false,
                    "Every number is finite.",
                    "Means, deviations and losses of a dynamics model can be computed from all rows."));
        }
    }

    private static void selection(List<Finding> found, Manifest.Choices choices) {
        if (choices.sample() != null) {
            found.add(new Finding(
                    true,
                    "The rows were drawn at random from the source.",
                    "Returns, lengths and the score are of the rows drawn, not of whole episodes, so they are too low."
                            + " Single steps are as good for a dynamics model as before."));
        }
    }

    private static void constant(List<Finding> found, String name, Manifest.Column column) {
        int[] constant = IntStream.range(0, column.std().length)
                .filter(i -> column.std()[i] < CONSTANT)
                .toArray();
        if (constant.length > 0) {
            found.add(new Finding(
                    true,
                    "%s of the %s never %s: %s."
                            .formatted(
                                    Numbers.counted(constant.length, "dimension", "dimensions"),
                                    name,
                                    constant.length == 1 ? "changes" : "change",
                                    spans(constant)),
                    "A model learns nothing from such an input; where inputs are standardised its deviation counts as 1."
                            + " Should it change in use, the model has never seen that."));
        }
    }

    /** Ascending numbers as text, with those in sequence as spans: 1, 3-5. */
    static String spans(int[] numbers) {
        List<int[]> spans = new ArrayList<>();
        for (int number : numbers) {
            if (!spans.isEmpty() && spans.get(spans.size() - 1)[1] == number - 1) {
                spans.get(spans.size() - 1)[1] = number;
            } else {
                spans.add(new int[] {number, number});
            }
        }
        return spans.stream()
                .map(span -> span[0] == span[1] ? Integer.toString(span[0]) : span[0] + "-" + span[1])
                .collect(Collectors.joining(", "));
    }
}

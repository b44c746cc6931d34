package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report in a real browser, where there is one. */
class SweepReportBrowserTest {
    private static final String TRIALS =
            "[...document.querySelectorAll('table')].find(table => table.caption.textContent === 'Trials')";

    @TempDir
    Path folder;

    private Chromium open(int width) throws Exception {
        Optional<Path> program = Chromium.find();
        assumeTrue(
                program.isPresent(), "no chromium, chromium-browser or google-chrome on the PATH, nor in CHROME_BIN");
        Path page = folder.resolve("report.html");
        Files.writeString(
                page,
                SweepReport.of(SweepFixture.realistic(List.of("hopper-medium-replay", "walker2d-medium"), 3, 500)));
        return new Chromium(program.get(), Files.createDirectory(folder.resolve("profile")), page, width);
    }

    private static List<String> column(Chromium browser, int column) throws Exception {
        JsonNode cells =
                browser.run("[..." + TRIALS + ".tBodies[0].rows].map(row => row.cells[" + column + "].textContent)");
        List<String> texts = new ArrayList<>();
        cells.forEach(cell -> texts.add(cell.asText()));
        return texts;
    }

    @Test
    void sortsByMouseAndKeyboardWithoutComplaints() throws Exception {
        try (Chromium browser = open(1280)) {
            browser.run(TRIALS + ".tHead.rows[0].cells[5].firstChild.click()");

            assertThat(browser.run(TRIALS + ".tHead.rows[0].cells[5].textContent")
                            .asText())
                    .isEqualTo("mean of 10");
            List<String> sorted = column(browser, 5);
            assertThat(sorted).hasSize(24);
            assertThat(sorted.get(23)).isEqualTo("-");
            assertThat(sorted.subList(0, 23).stream().map(Double::valueOf))
                    .isSortedAccordingTo((a, b) -> Double.compare(b, a));

            browser.run(TRIALS + ".tHead.rows[0].cells[0].firstChild.focus()");
            browser.press("Enter", 13);

            assertThat(browser.run(TRIALS + ".tHead.rows[0].cells[0].getAttribute('aria-sort')")
                            .asText())
                    .isEqualTo("ascending");
            assertThat(column(browser, 0)).isSorted();
            assertThat(browser.problems()).isEmpty();
        }
    }

    @Test
    void fitsAPhone() throws Exception {
        try (Chromium browser = open(360)) {
            assertThat(browser.run("innerWidth").asInt()).isEqualTo(360);
            assertThat(browser.run("document.documentElement.scrollWidth").asInt())
                    .isEqualTo(360);
            assertThat(browser.run(TRIALS + ".parentElement.scrollWidth").asInt())
                    .isGreaterThan(360);
            assertThat(browser.problems()).isEmpty();
        }
    }

    @Test
    void runsNoOtherScript() throws Exception {
        try (Chromium browser = open(1280)) {
            browser.run("const script = document.createElement('script');"
                    + "script.textContent = 'window.hostile = true'; document.body.append(script)");

            assertThat(browser.run("window.hostile === undefined").asBoolean()).isTrue();
            assertThat(browser.problems()).anyMatch(problem -> problem.contains("Content Security Policy"));
        }
    }
}

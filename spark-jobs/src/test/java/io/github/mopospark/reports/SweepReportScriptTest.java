package io.github.mopospark.reports;

import static io.github.mopospark.reports.SweepFixture.trial;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.metrics.Metric;
import io.github.mopospark.runs.SweepJournal.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.htmlunit.WebClient;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report's script, run in the JVM. */
class SweepReportScriptTest {
    @TempDir
    Path folder;

    private WebClient browser;
    private HtmlTable table;

    @BeforeEach
    void open() throws IOException {
        browser = new WebClient();
        // An error of a script then fails the test.
        browser.getOptions().setThrowExceptionOnScriptError(true);
        Path file = folder.resolve("report.html");
        Files.writeString(
                file,
                SweepReport.of(SweepFixture.of(List.of(
                        trial("seed2").scores(9).build(),
                        trial("seed10").scores(1_234.5).build(),
                        trial("seed1").status(Status.WAITING).build(),
                        trial("seed4")
                                .scores(-20)
                                .set(10, Metric.FITTED_Q_VALUE, 1e9)
                                .build(),
                        trial("seed3")
                                .scores(9)
                                .set(10, Metric.FITTED_Q_VALUE, 7)
                                .build()))));
        HtmlPage page = browser.getPage(file.toUri().toURL());
        List<HtmlTable> tables = page.getByXPath("//table[caption = 'Trials']");
        table = tables.get(0);
    }

    @AfterEach
    void close() {
        browser.close();
    }

    private HtmlButton button(String heading) {
        return table.getFirstByXPath("thead/tr/th/button[. = '" + heading + "']");
    }

    private String direction(String heading) {
        return ((HtmlElement) button(heading).getParentNode()).getAttribute("aria-sort");
    }

    private List<String> trials() {
        return table.getBodies().get(0).getRows().stream()
                .map(row -> row.getCell(0).getTextContent())
                .toList();
    }

    @Test
    void keepsTheSweepsOrderAtFirst() {
        assertThat(trials()).containsExactly("seed2", "seed10", "seed1", "seed4", "seed3");
        assertThat(direction("last")).isEmpty();
    }

    @Test
    void sortsNumbersHighestFirstAndWhatIsMissingLast() throws IOException {
        button("last").click();

        assertThat(trials()).containsExactly("seed10", "seed2", "seed3", "seed4", "seed1");
        assertThat(direction("last")).isEqualTo("descending");

        button("last").click();

        assertThat(trials()).containsExactly("seed4", "seed2", "seed3", "seed10", "seed1");
        assertThat(direction("last")).isEqualTo("ascending");
    }

    @Test
    void readsNumbersWithExponents() throws IOException {
        button("fitted Q value").click();

        assertThat(trials()).startsWith("seed4", "seed3");
    }

    @Test
    void sortsEpochsByThoseThatWereReached() throws IOException {
        button("epochs").click();

        assertThat(trials()).last().isEqualTo("seed1");
    }

    @Test
    void sortsNamesAndForgetsTheColumnBefore() throws IOException {
        button("last").click();
        button("status").click();

        assertThat(trials()).containsExactly("seed10", "seed2", "seed3", "seed4", "seed1");
        assertThat(direction("status")).isEqualTo("ascending");
        assertThat(direction("last")).isEmpty();

        button("status").click();

        assertThat(trials()).first().isEqualTo("seed1");
    }
}

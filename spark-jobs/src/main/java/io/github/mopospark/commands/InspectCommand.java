package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.reports.DatasetReport;
import io.github.mopospark.reports.DatasetRows;
import io.github.mopospark.reports.ReportFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what is in a dataset: in the terminal in short, in an HTML file with pictures. */
@Command(
        name = "inspect",
        description = "Says what is in a dataset, and writes a report with pictures, one HTML file.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "URI", description = "The dataset's folder, on any file system of Hadoop.")
    private String dataset;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where the report goes; unless given, NAME.html in this folder, with the dataset's name.")
    private Path output;

    @Option(names = "--overwrite", description = "Replace the report if it exists.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        if (dataset.isBlank()) {
            throw new IllegalArgumentException("the dataset's folder must not be empty");
        }
        DatasetFolder folder =
                new DatasetFolder(new Storage(SparkOptions.submittedHadoop()), new org.apache.hadoop.fs.Path(dataset));
        String name = folder.path().getName();
        if (name.isEmpty()) {
            throw new IllegalArgumentException(folder.path() + " is no dataset's folder, for it has no name");
        }
        Manifest manifest = folder.open();
        ReportFile report = new ReportFile(output == null ? Path.of(name + ".html") : output, overwrite);
        DatasetRows rows = DatasetRows.read(folder, manifest);
        String html = DatasetReport.of(name, folder.path().toString(), manifest, rows);
        PrintWriter out = spec.commandLine().getOut();
        DatasetPrinter.print(out, folder.path().toString(), manifest);
        out.println("report     " + report.write(html));
        out.flush();
        return ExitCode.OK;
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.configuration.Secrets;
import io.github.mopospark.jobs.RunException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code mopo}. Exit codes: 0 when done, 2 when the arguments or the input are wrong (one line says how), 1 for
 * every other failure.
 */
@Command(
        name = "mopo",
        description = "Model-based offline policy optimization on Apache Spark.",
        mixinStandardHelpOptions = true,
        versionProvider = Mopo.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = "Besides these, bin/mopo doctor tells what this machine lacks.",
        subcommands = {
            TasksCommand.class,
            RenderCommand.class,
            ConvertCommand.class,
            InspectCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            TrainCommand.class,
            TrainEnsembleCommand.class,
            EvaluateCommand.class,
            SweepCommand.class
        })
public final class Mopo implements Runnable {
    @Spec
    private CommandSpec spec;

    /**
     * Runs a command; the JVM ends with its exit code.
     *
     * @param arguments the subcommand and its options
     */
    public static void main(String[] arguments) {
        int exitCode = commandLine().execute(arguments);
        // A cluster manager takes an exit before the end of main for a failure, even one with 0.
        if (exitCode != ExitCode.OK) {
            System.exit(exitCode);
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Mopo())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Mopo::runWithoutSecrets)
                .setParameterExceptionHandler(Mopo::reportArguments)
                .setExecutionExceptionHandler(Mopo::report);
    }

    /** Arguments end up in configurations, journals and reports. */
    private static int runWithoutSecrets(CommandLine.ParseResult result) {
        try {
            result.originalArgs().forEach(Secrets::requireNone);
        } catch (IllegalArgumentException e) {
            CommandLine command = deepest(result).commandSpec().commandLine();
            throw new ParameterException(command, e.getMessage(), e);
        }
        return new CommandLine.RunLast().execute(result);
    }

    private static CommandLine.ParseResult deepest(CommandLine.ParseResult result) {
        return result.hasSubcommand() ? deepest(result.subcommand()) : result;
    }

    /** A line, and where the help is: the help itself would push the line out of sight. */
    private static int reportArguments(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + failure.getMessage());
        command.getErr().println("See " + name + " --help.");
        return ExitCode.USAGE;
    }

    /** Wrong input and files that fail are told in a line; anything else is a defect and shows its trace. */
    private static int report(Exception failure, CommandLine command, CommandLine.ParseResult result) {
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof RunException) {
            command.getErr().println(name + ": " + failure.getMessage());
            return ExitCode.SOFTWARE;
        }
        if (failure instanceof IllegalArgumentException) {
            command.getErr().println(name + ": " + failure.getMessage());
            return ExitCode.USAGE;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("SparkContext was shut down") || message.contains("stopped SparkContext")) {
                command.getErr().println(name + ": interrupted; " + afterInterrupt(name));
                return ExitCode.SOFTWARE;
            }
        }
        // Spark wraps what fails in a task.
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof UncheckedIOException) {
                command.getErr().println(name + ": " + cause);
                return ExitCode.SOFTWARE;
            }
        }
        failure.printStackTrace(command.getErr());
        return ExitCode.SOFTWARE;
    }

    private static String afterInterrupt(String command) {
        if (command.endsWith("sweep")) {
            return "the same command again goes on";
        }
        return command.contains("train") ? "go on with --resume" : "run it again, and what it has left goes";
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** The version of the build. */
    static String version() {
        String version = Mopo.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }

    /** What {@code --version} prints. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"mopo-spark " + version()};
        }
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the tasks. */
@Command(name = "tasks", description = "Lists the known tasks.", mixinStandardHelpOptions = true)
final class TasksCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("task              observation  action  random return  expert return  terminates");
        for (Task task : Tasks.all()) {
            out.printf(
                    Locale.ROOT,
                    "%-16s  %11d  %6d  %13s  %13s  %s%n",
                    task.name(),
                    task.observationSize(),
                    task.actionSize(),
                    task.referenceReturns()
                            .map(r -> Double.toString(r.random()))
                            .orElse("-"),
                    task.referenceReturns()
                            .map(r -> Double.toString(r.expert()))
                            .orElse("-"),
                    task.terminationRule().description());
        }
        out.flush();
        return 0;
    }
}

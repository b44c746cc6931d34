package io.github.mopospark.commands;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command did in this JVM. */
record CommandOutcome(int exitCode, String out, String err) {
    static CommandOutcome of(String... arguments) {
        StringWriter printed = new StringWriter();
        StringWriter complained = new StringWriter();
        int exitCode = Mopo.commandLine()
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(complained))
                .execute(arguments);
        return new CommandOutcome(exitCode, printed.toString(), complained.toString());
    }
}

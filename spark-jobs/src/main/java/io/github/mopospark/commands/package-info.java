/** The command line: one class a subcommand of {@code bin/mopo}. */
package io.github.mopospark.commands;

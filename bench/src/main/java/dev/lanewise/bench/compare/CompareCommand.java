package dev.lanewise.bench.compare;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code compare} command, which only names what can be compared. */
@Command(
    name = "compare",
    description = "Times Lanewise and native libraries against each other in one process.",
    subcommands = {
      LayersCommand.class,
      SeparableCommand.class,
      TrainingCommand.class,
      ModelsCommand.class,
      StartCommand.class,
      PlannerCommand.class
    })
public final class CompareCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "what to compare is missing: layers, separable, training, models, start or planner");
  }
}

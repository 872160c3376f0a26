package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.PlannerReport.Choice;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.nn.train.StopOnShutdown;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code compare planner}: the cost model's picks against what is measured fastest. */
@Command(
    name = "planner",
    description = {
      "Plans random shapes as networks have them by the cost model, measures every algorithm that"
          + " it considered, in turns, best of many runs, and tells on how many shapes the pick is"
          + " within 10 %% of the best. The worst are listed with each candidate's time and"
          + " predicted cost."
    },
    footer = {"%nExample:", "  lanewise compare planner --shapes 200 --seed 1 --json planner.json"})
final class PlannerCommand implements Callable<Integer> {

  /** A pick so far behind the best still counts as good. */
  private static final double WITHIN = 0.1;

  private static final int MOST_SHAPES = 10_000;
  private static final double MAX_SECONDS = 60;

  @Spec private CommandSpec spec;

  @Option(
      names = "--shapes",
      paramLabel = "N",
      description = "How many shapes (default: ${DEFAULT-VALUE}).")
  private int shapes = 200;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed gives other shapes (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of each plan (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--accuracy",
      paramLabel = "NAME",
      description =
          "Which algorithms are allowed: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Accuracy accuracy = Accuracy.DEFAULT;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for each algorithm on each shape (default: ${DEFAULT-VALUE}).")
  private double seconds = 0.3;

  @Option(
      names = "--worst",
      paramLabel = "N",
      description = "How many of the worst picks to list (default: ${DEFAULT-VALUE}).")
  private int worst = 20;

  @Option(names = "--json", paramLabel = "FILE", description = "Also writes the report as JSON.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    checkOptions();
    AtomicBoolean stop = new AtomicBoolean();
    try (StopOnShutdown _ = new StopOnShutdown(() -> stop.set(true))) {
      PlannerReport report = check(stop);
      spec.commandLine().getOut().print(report.text(worst));
      spec.commandLine().getOut().flush();
      if (stop.get()) {
        spec.commandLine().getErr().println("lanewise: interrupted; no report is written");
        return 1;
      }
      if (json != null) {
        ReportFile.json(report, json);
      }
      return 0;
    }
  }

  private PlannerReport check(AtomicBoolean stop) {
    Duration budget = Duration.ofNanos((long) (seconds * 1e9));
    PlannerCheck check = new PlannerCheck(threads, accuracy, budget, stop::get);
    List<Choice> choices = new ArrayList<>();
    List<ConvShape> sample = PlannerShapes.random(shapes, seed);
    for (ConvShape shape : Progress.over("compare planner", sample)) {
      if (!stop.get()) {
        check.choice(shape).ifPresent(choices::add);
      }
    }
    return PlannerReport.of(Commands.text(spec), Report.Where.here(), threads, WITHIN, choices);
  }

  private void checkOptions() {
    try {
      Check.that(
          shapes >= 1 && shapes <= MOST_SHAPES,
          "--shapes=%d must be from 1 to %d",
          shapes,
          MOST_SHAPES);
      Check.that(threads >= 1, "--threads=%d must be at least 1", threads);
      Check.that(worst >= 0, "--worst=%d must not be negative", worst);
      Check.that(
          seconds > 0 && seconds <= MAX_SECONDS,
          "--seconds=%s must be above 0 and at most %s",
          seconds,
          MAX_SECONDS);
      if (json != null) {
        ReportFile.objection(json)
            .ifPresent(
                text -> {
                  throw new IllegalArgumentException("--json=" + json + ": " + text);
                });
      }
    } catch (IllegalArgumentException mistake) {
      throw new ParameterException(spec.commandLine(), mistake.getMessage(), mistake);
    }
  }
}

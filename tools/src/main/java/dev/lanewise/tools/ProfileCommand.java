package dev.lanewise.tools;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.MemoryProbe;
import dev.lanewise.kernels.simd.PeakProbe;
import dev.lanewise.models.ModelOptions;
import dev.lanewise.models.Models;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.nn.session.Profile;
import dev.lanewise.nn.session.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lanewise profile}: where the time of a network goes. */
@Command(
    name = "profile",
    description = {
      "Compile a model into a session and time each of its steps: algorithm, time, GFLOP/s of the"
          + " direct definition, fraction of the peak probed meanwhile, bytes, and where values"
          + " only change their layout. Weights are random: their values change nothing."
    },
    footer = {
      "%nExamples:",
      "  lanewise profile resnet50 --threads 1",
      "  lanewise profile mobilenet_v2 --batch 8 --size 192 --html profile.html"
    })
final class ProfileCommand implements Callable<Integer> {

  /** What is measured between two bursts of the probes. */
  private static final int RUNS = 3;

  private static final int FEWEST_ROUNDS = 5;
  private static final int SLICES = 1000;
  private static final double MOST_SECONDS = 3600;

  @Spec private CommandSpec spec;

  @Mixin private ModelParameter model;
  @Mixin private ThreadsOption threads;

  @Option(
      names = "--batch",
      paramLabel = "N",
      converter = Counts.class,
      description = "Images (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int batch;

  @Option(
      names = "--size",
      paramLabel = "N|HxW",
      converter = ImageSize.Converter.class,
      description = "Height and width of the images (default: the model's usual).")
  private ImageSize size;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long to measure (default: ${DEFAULT-VALUE}).",
      defaultValue = "3")
  private double seconds;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Draw it too: bars by step and a roofline, in a page that needs no other file.")
  private Path html;

  @Override
  public Integer call() throws IOException {
    if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds must be above 0 and at most %.0f, is %s".formatted(MOST_SECONDS, seconds));
    }
    if (html != null) {
      AtomicFile.requireWritable(html);
    }
    ModelOptions options = Models.options(model.name());
    if (size != null) {
      options = options.size(size.height(), size.width());
    }
    Network network = Models.create(model.name(), options).initialize(1);
    ProfileReport report = measure(network);
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.text());
    if (html != null) {
      byte[] page = ProfilePage.of(report).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(html, file -> file.write(page));
    }
    return 0;
  }

  /** Runs and probes take turns, and the best of each counts: others use this machine too. */
  private ProfileReport measure(Network network) {
    int[] shape = network.batchShape(batch);
    float[] in = new float[Check.elements("input", shape)];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < in.length; i++) {
      in[i] = random.nextFloat(-1, 1);
    }
    Workers workers = threads.workers();
    MemoryProbe memory = new MemoryProbe();
    try (Session session = Session.compile(network, threads.session().withWarmUp(), shape);
        Progress progress = Progress.of("profile", SLICES)) {
      Profile profile = session.profile(in, 1);
      double peak = 0;
      double copied = 0;
      long start = System.nanoTime();
      double gone = 0;
      for (int round = 0; round < FEWEST_ROUNDS || gone < seconds; round++) {
        profile = profile.best(session.profile(in, RUNS));
        peak = Math.max(peak, PeakProbe.burst(workers));
        copied = memory.burst();
        gone = 1e-9 * (System.nanoTime() - start);
        progress.stepTo((long) Math.min(SLICES, SLICES * gone / seconds));
      }
      return new ProfileReport(network.name(), shape, workers.size(), profile, peak, copied);
    }
  }
}

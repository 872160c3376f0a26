package dev.lanewise.tools;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.models.Models;
import dev.lanewise.nn.report.Machine;
import dev.lanewise.tools.DigitReader.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lanewise demo}: reads handwritten digits, then races the algorithms. */
@Command(
    name = "demo",
    description = {
      "Read handwritten digits with the bundled LeNet-5, then race the convolution algorithms on"
          + " three layers of ResNet-50. Takes seconds."
    },
    footer = {"%nExample:", "  lanewise demo"})
final class Demo implements Callable<Integer> {

  private static final List<String> LAYERS = List.of("3x3 64@56", "3x3 256@14", "1x1 512>128@28");

  private static final int COLUMNS = 2;
  private static final String GAP = "    ";

  @Spec private CommandSpec spec;

  @Mixin private ThreadsOption threads;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Workers workers = threads.workers();
    // Compiling the micro-kernels takes longer than reading the digits: it starts first.
    CompletableFuture<AlgorithmRace> race =
        CompletableFuture.supplyAsync(
            () -> {
              AlgorithmRace prepared = new AlgorithmRace(LAYERS, workers);
              prepared.warmUp();
              return prepared;
            });
    out.printf("Lanewise on %s, %d cores, %s%n", Machine.lanes(), Machine.cores(), Machine.jvm());
    Lanes.remedy().ifPresent(remedy -> out.println("Slow: " + remedy));
    readDigits(out);
    race(race.join(), workers, out);
    return 0;
  }

  private static void readDigits(PrintWriter out) throws IOException {
    out.printf("%nLeNet-5 reads the first ten digits of the MNIST test set:%n%n");
    DigitReader reader = new DigitReader(Models.pretrained("lenet5"));
    DigitView view = new DigitView(Terminal.standard());
    List<SampleDigits.Digit> digits = SampleDigits.load();
    int right = 0;
    for (int i = 0; i < digits.size(); i += COLUMNS) {
      List<List<String>> columns = new ArrayList<>();
      for (SampleDigits.Digit digit : digits.subList(i, Math.min(i + COLUMNS, digits.size()))) {
        Reading reading = reader.read(digit.grey());
        right += reading.best() == digit.label() ? 1 : 0;
        columns.add(column(digit, reading, view));
      }
      for (int line = 0; line < columns.getFirst().size(); line++) {
        int row = line;
        out.println(
            columns.stream().map(column -> column.get(row)).collect(Collectors.joining(GAP)));
      }
      out.println();
    }
    out.printf("%d of %d digits read right.%n", right, digits.size());
  }

  /** A digit with its bars, under a line that says what it is and what it was taken for. */
  private static List<String> column(SampleDigits.Digit digit, Reading reading, DigitView view) {
    String verdict = reading.best() == digit.label() ? "right" : "wrong";
    String title =
        "image %d: a %d, read as %d: %s"
            .formatted(digit.index(), digit.label(), reading.best(), verdict);
    List<String> column = new ArrayList<>();
    column.add(("%-" + DigitView.WIDTH + "s").formatted(title));
    column.addAll(view.lines(digit.grey(), reading));
    return column;
  }

  private static void race(AlgorithmRace race, Workers workers, PrintWriter out) {
    out.printf(
        "%nThe algorithms on three layers of ResNet-50, batch 1, %d threads:%n%n", workers.size());
    out.flush();
    race.run();
    out.print(race.table());
    out.printf(
        "%nPeak of the multiply-add units, probed in between: %.0f GFLOP/s. Products with padding"
            + " count%nbut need not be made: that can take an algorithm past 100 %%.%n",
        race.peakGflops());
  }
}

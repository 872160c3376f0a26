package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.kernels.plan.Algorithm;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code compare layers}: the layer list, forward or backward. */
@Command(
    name = "layers",
    description = {
      "Times the layer list: Lanewise and the peers take turns in one process, best of many runs,"
          + " with the peak of the multiply-add units probed in between.",
      "Results that differ are reported; a row with which no peer agrees has failed."
    },
    footer = {
      "%nExamples:",
      "  lanewise compare layers --peers onnxruntime,onednn --only '3x3*'",
      "  lanewise compare layers --peers onednn --direction data --html data.html"
    })
final class LayersCommand extends RowsCommand {

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      description =
          "Pins Lanewise's algorithm, such as direct or im2col (default: its plan chooses).")
  private String algorithm;

  @Option(
      names = "--direction",
      paramLabel = "NAME",
      description =
          "forward: the output; data: the gradient of the input; filter: that of the filter"
              + " (default: ${DEFAULT-VALUE}).")
  private String direction = Direction.FORWARD.label();

  @Override
  List<Workload> rows() {
    return Workload.layers(Direction.of(direction));
  }

  @Override
  Targets targets() {
    return Targets.of(direction);
  }

  @Override
  Peer ours() {
    return new LanewisePeer(Optional.ofNullable(algorithm).map(Algorithm::of));
  }
}

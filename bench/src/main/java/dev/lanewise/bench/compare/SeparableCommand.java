package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code compare separable}: depthwise and pointwise convolution in one. */
@Command(
    name = "separable",
    description = {
      "Times pairs of a depthwise and a pointwise convolution as MobileNets have them: Lanewise's"
          + " one fused call against the peers' two calls back to back.",
    },
    footer = {"%nExample:", "  lanewise compare separable --peers onnxruntime,onednn"})
final class SeparableCommand extends RowsCommand {

  @Override
  List<Workload> rows() {
    return Workload.separable();
  }

  @Override
  Targets targets() {
    return Targets.of("separable");
  }

  @Override
  Peer ours() {
    return new LanewisePeer(Optional.empty());
  }
}

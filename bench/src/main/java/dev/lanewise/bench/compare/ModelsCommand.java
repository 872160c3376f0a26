package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code compare models}: whole networks in use. */
@Command(
    name = "models",
    description = {
      "Times whole networks on one image of their usual size: Lanewise's session against the peers"
          + " on the same network, which ONNX Runtime gets as the ONNX model that Lanewise exports."
          + " Rows have the registry's names.",
    },
    footer = {"%nExample:", "  lanewise compare models --peers onnxruntime --only 'resnet*'"})
final class ModelsCommand extends RowsCommand {

  @Override
  List<Workload> rows() {
    return Workload.models();
  }

  @Override
  Targets targets() {
    return Targets.of("models");
  }

  @Override
  Peer ours() {
    return new LanewisePeer(Optional.empty());
  }
}

package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code compare training}: full training steps. */
@Command(
    name = "training",
    description = {
      "Times full training steps of networks: forward, cross-entropy, backward and the update by"
          + " SGD with momentum. Rows name the network, its batch and the size of an image.",
    },
    footer = {"%nExample:", "  lanewise compare training --peers djl-pytorch --seconds 10"})
final class TrainingCommand extends RowsCommand {

  @Override
  List<Workload> rows() {
    return Workload.training();
  }

  @Override
  Targets targets() {
    return Targets.of("training");
  }

  @Override
  Peer ours() {
    return new LanewisePeer(Optional.empty());
  }
}

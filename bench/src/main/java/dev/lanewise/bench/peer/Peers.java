package dev.lanewise.bench.peer;

import dev.lanewise.kernels.shape.Check;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Hands out the other libraries by name. */
public final class Peers {

  /** Their names, on the class path or not. */
  public static final List<String> NAMES =
      List.of("onnxruntime", "onednn", "djl-pytorch", "nd4j", "tensorflow", "netlib");

  /** Why a peer that is not on the class path is not there. */
  public static final String LEFT_OUT =
      "not on the class path: build with the Maven profile peers"
          + " (mvn -Ppeers -pl bench -am -DskipTests package)";

  private Peers() {}

  /**
   * The peer of that name; empty if the build left it out.
   *
   * @throws IllegalArgumentException if there is no such peer
   */
  public static Optional<Peer> named(String name) {
    Check.that(
        NAMES.contains(name),
        "unknown peer '%s': the peers are %s",
        name,
        String.join(", ", NAMES));
    return ServiceLoader.load(Peer.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(peer -> peer.name().equals(name))
        .findFirst();
  }
}

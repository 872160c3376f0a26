package dev.lanewise.bench.peer;

import java.util.List;
import java.util.ServiceLoader;

/** Hands out the native peers by name. */
public final class Peers {

  /** The names of the native peers, on the class path or not. */
  public static final List<String> NAMES = List.of("onnxruntime", "onednn");

  private Peers() {}

  /**
   * The peer of that name.
   *
   * @throws IllegalArgumentException if there is no such peer, or the build left it out
   */
  public static Peer named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "unknown peer '%s': the peers are %s".formatted(name, String.join(", ", NAMES)));
    }
    return ServiceLoader.load(Peer.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(peer -> peer.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the peer %s is not on the class path: build with the Maven profile peers"
                            .formatted(name)
                        + " (mvn -Ppeers -pl bench -am -DskipTests package)"));
  }
}

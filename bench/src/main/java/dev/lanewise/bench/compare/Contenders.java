package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The libraries that were asked for.
 *
 * @param present those that can be used, Lanewise first
 * @param absent why the others can't, by name
 */
record Contenders(List<Peer> present, Map<String, String> absent) {

  /**
   * Loads the peers of the given names.
   *
   * @throws IllegalArgumentException if there is no such peer
   */
  static Contenders of(Peer ours, List<String> names) {
    List<Peer> present = new ArrayList<>(List.of(ours));
    Map<String, String> absent = new LinkedHashMap<>();
    // A name that nobody knows is a mistake: found before anything is loaded.
    Map<String, Optional<Peer>> peers = new LinkedHashMap<>();
    names.forEach(name -> peers.put(name, Peers.named(name)));
    peers.forEach(
        (name, peer) ->
            obstacle(peer)
                .ifPresentOrElse(
                    text -> absent.put(name, text), () -> present.add(peer.orElseThrow())));
    return new Contenders(List.copyOf(present), absent);
  }

  private static Optional<String> obstacle(Optional<Peer> peer) {
    if (peer.isEmpty()) {
      return Optional.of(Peers.LEFT_OUT);
    }
    try {
      peer.get().load();
      return Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      return Optional.of(Lineup.reason(e));
    }
  }

  List<String> names() {
    return present.stream().map(Peer::name).toList();
  }
}

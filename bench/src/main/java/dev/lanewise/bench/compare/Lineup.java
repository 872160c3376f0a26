package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Job;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peer.Prepared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The libraries that do one job: prepared, run once, and held to the same result. One that can't or
 * that errs stays out, with the reason, and harms no other.
 */
final class Lineup implements AutoCloseable {

  private final Map<String, Prepared> runners = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final List<Prepared> opened = new ArrayList<>();
  private String failure;

  /**
   * @param contenders the libraries, Lanewise first: the others' results are compared with its
   */
  Lineup(List<Peer> contenders, Job job) {
    Peer ours = contenders.getFirst();
    try {
      enter(ours, job);
    } catch (IllegalArgumentException e) {
      // A pinned algorithm may not know the shape.
      failure = ours.name() + ": " + e.getMessage();
      return;
    }
    float[] expected = runners.get(ours.name()).result();
    for (Peer other : contenders.subList(1, contenders.size())) {
      try {
        enter(other, job);
        Agreement.objection(runners.get(other.name()).result(), expected, job.tolerance())
            .ifPresent(text -> leave(other, "disagrees with " + ours.name() + ": " + text));
      } catch (RuntimeException | LinkageError e) {
        leave(other, reason(e));
      }
    }
    boolean disputed = notes.values().stream().anyMatch(note -> note.startsWith("disagrees"));
    if (disputed && runners.size() == 1) {
      failure = "no peer agrees: " + notes;
    }
  }

  private void enter(Peer peer, Job job) {
    Prepared prepared = job.on(peer);
    opened.add(prepared);
    prepared.run();
    runners.put(peer.name(), prepared);
  }

  private void leave(Peer peer, String why) {
    runners.remove(peer.name());
    notes.put(peer.name(), why);
  }

  /** The first line of what went wrong. */
  static String reason(Throwable thrown) {
    String message = Optional.ofNullable(thrown.getMessage()).orElse("").strip();
    String first = message.lines().findFirst().orElse("");
    return thrown instanceof IllegalArgumentException && !first.isEmpty()
        ? first
        : thrown.getClass().getSimpleName() + (first.isEmpty() ? "" : ": " + first);
  }

  /** Those that agree with the first, by name, it first. */
  Map<String, Prepared> runners() {
    return runners;
  }

  /** Why the others stay out, by name. */
  Map<String, String> notes() {
    return notes;
  }

  /** Why there is nothing to race, if so. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void close() {
    opened.reversed().forEach(Prepared::close);
  }
}

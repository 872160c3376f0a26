package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Problem;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LineupTest {

  private static final Problem PROBLEM =
      Problem.of(ConvShape.parse("ic1ih2oc1kh1"), Direction.FORWARD, 1);

  private final List<String> closed = new ArrayList<>();

  private Peer peer(String name, Supplier<float[]> result) {
    return new Peer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Prepared prepare(Problem problem) {
        return new Prepared() {
          @Override
          public void run() {}

          @Override
          public float[] result() {
            return result.get();
          }

          @Override
          public String algorithm() {
            return "none";
          }

          @Override
          public void close() {
            closed.add(name);
          }
        };
      }
    };
  }

  private static Supplier<float[]> giving(float value) {
    return () -> new float[] {value};
  }

  private static Supplier<float[]> failing(RuntimeException thrown) {
    return () -> {
      throw thrown;
    };
  }

  private static float[] unlinked() {
    throw new UnsatisfiedLinkError("libx.so");
  }

  @Test
  void whoAgreesRunsAndWhoErrsIsNamed() {
    List<Peer> peers =
        List.of(
            peer("ours", giving(1)),
            peer("good", giving(1)),
            peer("wrong", giving(2)),
            peer("unable", failing(new IllegalArgumentException("no groups\nat all"))),
            peer("broken", LineupTest::unlinked));
    try (Lineup lineup = new Lineup(peers, PROBLEM)) {
      assertEquals(Set.of("ours", "good"), lineup.runners().keySet());
      assertEquals("no groups", lineup.notes().get("unable"));
      assertEquals("UnsatisfiedLinkError: libx.so", lineup.notes().get("broken"));
      assertTrue(lineup.notes().get("wrong").startsWith("disagrees with ours: "));
      assertEquals(Optional.empty(), lineup.failure());
    }
    assertEquals(List.of("broken", "unable", "wrong", "good", "ours"), closed);
  }

  @Test
  void oursFailsIfNoPeerAgrees() {
    List<Peer> peers = List.of(peer("ours", giving(1)), peer("other", giving(2)));
    try (Lineup lineup = new Lineup(peers, PROBLEM)) {
      assertTrue(lineup.failure().orElseThrow().startsWith("no peer agrees: "));
    }
  }

  @Test
  void aPeerThatCannotComputeIsNoFailure() {
    List<Peer> peers =
        List.of(
            peer("ours", giving(1)),
            peer("unable", failing(new IllegalArgumentException("no groups"))));
    try (Lineup lineup = new Lineup(peers, PROBLEM)) {
      assertEquals(Optional.empty(), lineup.failure());
      assertEquals(Map.of("unable", "no groups"), lineup.notes());
    }
  }
}

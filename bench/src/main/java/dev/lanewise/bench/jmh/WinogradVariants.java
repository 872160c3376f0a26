package dev.lanewise.bench.jmh;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.plan.Algorithm;
import java.util.Optional;
import org.openjdk.jmh.annotations.Param;

/**
 * Which tile is best for Winograd's convolution?
 *
 * <p>F(2, 3) computes 2 x 2 outputs from 4 x 4 inputs with 2.25 times fewer multiplications than
 * the direct sum, F(4, 3) 4 x 4 outputs with 4 times fewer, F(6, 3) 6 x 6 with 5.06 times fewer;
 * F(4x2, 3x3) 4 x 2 outputs with 3 times fewer, for filters that F(4, 3) makes too large for a
 * cache. Larger tiles transform more, waste more at the borders of small images and round more
 * ({@code tools/lanewise verify conv} prints the errors).
 *
 * <p>The score is milliseconds a run of the whole layer, from blocked input to blocked output.
 *
 * <pre>{@code
 * tools/lanewise jmh WinogradVariants -p layer="3x3 64@56"
 * }</pre>
 */
public class WinogradVariants extends LayerSuite {

  /** A 3x3 row of the layer list. */
  @Param({
    "3x3 64@56",
    "3x3 128@28",
    "3x3 256@14",
    "3x3 512@7",
    "3x3 64@224",
    "3x3 512@28",
    "3x3 dilation 2 256@28"
  })
  public String layer;

  /** The algorithm that the plan is pinned to. */
  @Param({"direct", "winograd-f2", "winograd-f4", "winograd-f4x2", "winograd-f6"})
  public String algorithm;

  /** Threads of the worker pool. */
  @Param("1")
  public int threads;

  @Override
  Prepared plan() {
    return plan(layer, Optional.of(Algorithm.of(algorithm)), Direction.FORWARD, threads);
  }
}

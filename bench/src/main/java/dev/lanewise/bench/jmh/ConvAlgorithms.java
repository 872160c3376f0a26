package dev.lanewise.bench.jmh;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.plan.Algorithm;
import java.util.Optional;
import org.openjdk.jmh.annotations.Param;

/**
 * Which algorithm computes a layer fastest?
 *
 * <p>The direct convolution reads the blocked input in place through tables of taps; im2col first
 * copies every window into a matrix and multiplies that. Both end in the same batch-reduce kernel,
 * so the difference is what the copy costs and what the matrix's shape gains. Winograd's forms
 * multiply less and add more: {@code f2} to {@code f6} by outputs of a tile, {@code phases} and
 * {@code strided} for strides; Strassen's algorithm does so for pointwise kernels. The FFT
 * multiplies spectra of tiles with spectra of the filter: the larger the kernel, the more it gains.
 * Depthwise kernels, also two outputs at a time by {@code depthwise-f2}, and narrow groups have
 * loops of their own.
 *
 * <p>Each pair of a layer of the shared list and an algorithm runs in a JVM of its own: what the
 * compiler learnt of one layer does not help or harm the next. A run is the whole layer with its
 * bias, from blocked input to blocked output; planning, packing and reordering are set-up.
 *
 * <p>The score is milliseconds a run. On a shared machine the mean includes what the neighbours
 * took: trust a difference that is larger than the error, and compare best runs with {@code
 * tools/lanewise compare layers}.
 *
 * <p>One layer, on two threads:
 *
 * <pre>{@code
 * tools/lanewise jmh ConvAlgorithms -p layer="3x3 128@28" -p algorithm=direct,im2col -p threads=2
 * }</pre>
 *
 * <p>All layers, in twenty to thirty minutes; an algorithm that does not suit a layer says why and
 * the next one begins:
 *
 * <pre>{@code
 * tools/lanewise jmh ConvAlgorithms
 * }</pre>
 */
public class ConvAlgorithms extends LayerSuite {

  /** A row of the layer list. */
  @Param({
    "7x7 s2 3>64@224",
    "3x3 64@56",
    "3x3 128@28",
    "3x3 256@14",
    "3x3 512@7",
    "3x3 s2 128@56",
    "1x1 64>256@56",
    "1x1 512>128@28",
    "1x1 1024>256@14",
    "1x1 2048>512@7",
    "3x3 64@224",
    "3x3 512@28",
    "11x11 s4 3>96@227",
    "5x5 96>256 groups 2@27",
    "5x5 32>96@28",
    "depthwise 3x3 32@112",
    "depthwise 3x3 s2 96@112",
    "depthwise 3x3 512@14",
    "depthwise 5x5 240@28",
    "3x3 dilation 2 256@28",
    "3x3 groups 32 128@56",
    "3x3 64@56 batch 16"
  })
  public String layer;

  /** The algorithm that the plan is pinned to. */
  @Param({
    "direct",
    "im2col",
    "winograd-f2",
    "winograd-f4",
    "winograd-f4x2",
    "winograd-f6",
    "winograd-phases",
    "winograd-strided",
    "depthwise",
    "depthwise-f2",
    "fft",
    "grouped",
    "strassen"
  })
  public String algorithm;

  /** Threads of the worker pool. */
  @Param("1")
  public int threads;

  @Override
  Prepared plan() {
    return plan(layer, Optional.of(Algorithm.of(algorithm)), Direction.FORWARD, threads);
  }
}

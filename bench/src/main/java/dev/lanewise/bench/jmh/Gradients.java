package dev.lanewise.bench.jmh;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.Peer.Prepared;
import java.util.Optional;
import org.openjdk.jmh.annotations.Param;

/**
 * How does the backward pass compare with the forward pass?
 *
 * <p>The gradient of the input is a convolution of the output's gradient, that of the filter a
 * correlation of the input with it; each has as many multiply-adds as the forward pass. A step of
 * training does all three.
 *
 * <p>The score is milliseconds a run, from blocked operands to a blocked result (a plain one for
 * the filter).
 *
 * <pre>{@code
 * tools/lanewise jmh Gradients -p layer="3x3 64@56"
 * }</pre>
 */
public class Gradients extends LayerSuite {

  /** A row of the layer list. */
  @Param({
    "7x7 s2 3>64@224",
    "3x3 64@56",
    "3x3 512@7",
    "3x3 s2 128@56",
    "1x1 64>256@56",
    "depthwise 3x3 512@14",
    "3x3 groups 32 128@56"
  })
  public String layer;

  /** What is computed. */
  @Param({"forward", "data", "filter"})
  public String direction;

  /** Threads of the worker pool. */
  @Param("1")
  public int threads;

  @Override
  Prepared plan() {
    return plan(layer, Optional.empty(), Direction.of(direction), threads);
  }
}

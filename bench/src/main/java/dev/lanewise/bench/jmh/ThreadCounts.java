package dev.lanewise.bench.jmh;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.Peer.Prepared;
import java.util.Optional;
import org.openjdk.jmh.annotations.Param;

/**
 * What does each further thread gain?
 *
 * <p>The plan cuts a layer statically: every worker takes its share of output channels and pixels
 * and waits for the slowest. A layer gains fully where there are many strips for each worker and
 * the machine has that many idle cores; more threads than cores can only lose.
 *
 * <p>The score is milliseconds a run of the whole layer with the algorithm that the plan picks.
 *
 * <pre>{@code
 * tools/lanewise jmh ThreadCounts -p layer="3x3 128@28" -p threads=1,2
 * }</pre>
 */
public class ThreadCounts extends LayerSuite {

  /** A row of the layer list: large, small, pointwise and depthwise. */
  @Param({"3x3 128@28", "3x3 512@7", "3x3 512@28", "1x1 64>256@56", "depthwise 3x3 512@14"})
  public String layer;

  /** Threads of the worker pool. */
  @Param({"1", "2", "4"})
  public int threads;

  @Override
  Prepared plan() {
    return plan(layer, Optional.empty(), Direction.FORWARD, threads);
  }
}

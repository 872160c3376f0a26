package dev.lanewise.bench.peer;

import org.bytedeco.dnnl.engine;

/**
 * oneDNN's convolution primitives: inference forward, and both backward. The library chooses the
 * layouts of all operands (format {@code any}); they are brought into them before the timing, so no
 * reorder is timed.
 */
public final class OneDnn implements Peer {

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public void load() {
    new engine().close();
  }

  @Override
  public Prepared prepare(Problem problem) {
    load();
    OpenMp.setThreads(problem.threads());
    try {
      return new OneDnnPrimitives(problem);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}

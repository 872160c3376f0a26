package dev.lanewise.nn.session;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

/**
 * Kernels that are called until they are compiled, by idle threads while the caller does something
 * else: the compiler's own threads are what takes the time.
 */
final class Warming {

  private final Queue<Runnable> cold;
  private final List<CompletableFuture<Void>> helpers;

  private Warming(Queue<Runnable> cold) {
    this.cold = cold;
    helpers =
        Stream.generate(() -> CompletableFuture.runAsync(this::warm))
            .limit(Math.min(cold.size(), ForkJoinPool.getCommonPoolParallelism()))
            .toList();
  }

  /** Begins with calls, each of which warms something up. */
  static Warming begin(List<Runnable> calls) {
    return new Warming(new ConcurrentLinkedQueue<>(calls));
  }

  private void warm() {
    for (Runnable call = cold.poll(); call != null; call = cold.poll()) {
      call.run();
    }
  }

  /** Takes part in what is left, and returns when all is done. */
  void finish() {
    warm();
    helpers.forEach(CompletableFuture::join);
  }
}

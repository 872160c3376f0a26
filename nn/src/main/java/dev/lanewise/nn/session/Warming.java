package dev.lanewise.nn.session;

import dev.lanewise.kernels.simd.WarmUps;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

/**
 * Kernels that are called until they are compiled, by idle threads while the caller does something
 * else: the compiler's own threads are what takes the time.
 */
final class Warming {

  private final WarmUps warmUps = new WarmUps();
  private final List<CompletableFuture<Void>> helpers;

  private Warming(List<Runnable> calls) {
    warmUps.collect(() -> calls.forEach(Runnable::run));
    helpers =
        Stream.generate(() -> CompletableFuture.runAsync(warmUps::run))
            .limit(calls.isEmpty() ? 0 : ForkJoinPool.getCommonPoolParallelism())
            .toList();
  }

  /** Begins with calls, each of which warms something up. */
  static Warming begin(List<Runnable> calls) {
    return new Warming(calls);
  }

  /** Takes part in what is left, and returns when all is done. */
  void finish() {
    warmUps.run();
    helpers.forEach(CompletableFuture::join);
  }
}

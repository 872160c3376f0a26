package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.verify.check.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

/**
 * Threads that check items side by side, each with worker pools of its own. What they find is
 * reported in the order of the items, whoever was done first.
 */
public final class Crew implements AutoCloseable {

  /** What the operands and results of a large layer take, with room to collect. */
  private static final long BYTES_A_THREAD = 512L << 20;

  /** What one thread of the crew runs plans on. */
  private record Pools(Workers one, Workers two) {}

  private final Findings findings;
  private final long seed;
  private final BlockingQueue<Pools> idle;
  private final ExecutorService threads;

  private Crew(Findings findings, long seed, int size) {
    this.findings = findings;
    this.seed = seed;
    idle = new ArrayBlockingQueue<>(size);
    for (int i = 0; i < size; i++) {
      idle.add(new Pools(Workers.of(1), Workers.of(2)));
    }
    threads = Executors.newFixedThreadPool(size, Thread.ofPlatform().daemon().factory());
  }

  /**
   * A thread for each processor, or as many as the heap bears.
   *
   * @param findings counts what all of them check
   * @param seed of all shapes and data
   */
  public static Crew of(Findings findings, long seed) {
    Runtime machine = Runtime.getRuntime();
    long most = Math.max(1, machine.maxMemory() / BYTES_A_THREAD);
    return new Crew(findings, seed, (int) Math.min(machine.availableProcessors(), most));
  }

  /**
   * Does something with each item.
   *
   * @param task named by the progress bar
   * @param work is given a setting that no other item uses at the time
   * @return the results in the order of the items
   * @throws IllegalStateException if the work throws
   */
  public <T, R> List<R> map(String task, List<T> items, BiFunction<Setting, T, R> work) {
    List<Future<Part<R>>> parts =
        items.stream().map(item -> threads.submit(() -> part(item, work))).toList();
    List<R> results = new ArrayList<>();
    for (Future<Part<R>> future : Progress.over(task, parts)) {
      Part<R> part = done(future);
      findings.add(part.findings);
      results.add(part.result);
    }
    return results;
  }

  private record Part<R>(Findings findings, R result) {}

  private <T, R> Part<R> part(T item, BiFunction<Setting, T, R> work) throws InterruptedException {
    Findings own = Findings.collected();
    Pools pools = idle.take();
    try {
      return new Part<>(own, work.apply(new Setting(own, seed, pools.one, pools.two), item));
    } finally {
      idle.add(pools);
    }
  }

  private static <R> R done(Future<R> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    } catch (ExecutionException thrown) {
      throw new IllegalStateException("a check could not be prepared", thrown.getCause());
    }
  }

  /** Stops the threads and their pools; work that has not begun is dropped. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
    for (Pools pools : idle) {
      pools.one.close();
      pools.two.close();
    }
  }
}

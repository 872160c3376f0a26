package dev.lanewise.verify.check;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what code allocates on the calling thread and on the library's workers. */
public final class Allocation {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final String WORKER = "lanewise-";

  private Allocation() {}

  /** Bytes that a piece of code allocates, without what counting them allocates. */
  public static long bytes(Runnable code) {
    return measure(code) - measure(() -> {});
  }

  private static long measure(Runnable code) {
    long[] ids =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.equals(Thread.currentThread()) || t.getName().startsWith(WORKER))
            .mapToLong(Thread::threadId)
            .toArray();
    long before = total(ids);
    code.run();
    return total(ids) - before;
  }

  private static long total(long... ids) {
    long sum = 0;
    for (long id : ids) {
      sum += THREADS.getThreadAllocatedBytes(id);
    }
    return sum;
  }
}

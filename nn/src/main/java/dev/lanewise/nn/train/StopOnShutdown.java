package dev.lanewise.nn.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While it is open, Ctrl-C (or another orderly end of the JVM) asks the work to stop and waits
 * until it has, so that its last step is finished and its checkpoint whole.
 */
public final class StopOnShutdown implements AutoCloseable {

  /** Longer than any step and checkpoint, shorter than a user's patience. */
  private static final int SECONDS = 30;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  /**
   * Opens it.
   *
   * @param stop asks the work to stop; called on another thread
   */
  public StopOnShutdown(Runnable stop) {
    hook =
        new Thread(
            () -> {
              stop.run();
              await();
            },
            "lanewise-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void await() {
    try {
      boolean done = finished.await(SECONDS, TimeUnit.SECONDS);
      if (!done) {
        System.err.println("The step did not finish in " + SECONDS + " s.");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells that the work has stopped: the JVM may end. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyShuttingDown) {
      // The hook is running, and goes on now.
      return;
    }
  }
}

package dev.lanewise.nn.report;

import java.io.Console;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error, if a terminal is there to show it, and nothing otherwise. */
public final class Progress implements AutoCloseable {

  /** Fits the narrowest usual terminal; asking for its width would start a native library. */
  private static final int WIDTH = 79;

  private final Optional<ProgressBar> bar;

  private Progress(Optional<ProgressBar> bar) {
    this.bar = bar;
  }

  /** A bar over so many steps. */
  public static Progress of(String task, long steps) {
    return new Progress(terminal().map(console -> builder(task).setInitialMax(steps).build()));
  }

  /** The items, with a bar that moves as they are taken. */
  public static <T> Iterable<T> over(String task, List<T> items) {
    return terminal().isEmpty() ? items : ProgressBar.wrap(items, builder(task));
  }

  private static Optional<Console> terminal() {
    // Null without a terminal in JDK 25, as before JDK 22.
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }

  private static ProgressBarBuilder builder(String task) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setStyle(ProgressBarStyle.ASCII)
        .clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH));
  }

  /** Moves the bar by one step. */
  public void step(Supplier<String> note) {
    bar.ifPresent(
        shown -> {
          shown.step();
          shown.setExtraMessage(note.get());
        });
  }

  /** Moves the bar to a step, where work goes on that was done in part before. */
  public void stepTo(long step) {
    bar.ifPresent(shown -> shown.stepTo(step));
  }

  /** Removes the bar. */
  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}

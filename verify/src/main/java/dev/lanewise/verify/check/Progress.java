package dev.lanewise.verify.check;

import java.io.Console;
import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error while a list is worked through, if a terminal is there. */
public final class Progress {

  private Progress() {}

  /** The items, with a bar that moves as they are taken. */
  public static <T> Iterable<T> over(String task, List<T> items) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return items;
    }
    return ProgressBar.wrap(
        items,
        new ProgressBarBuilder()
            .setTaskName(task)
            .setStyle(ProgressBarStyle.ASCII)
            .clearDisplayOnFinish()
            .setConsumer(new ConsoleProgressBarConsumer(System.err)));
  }
}

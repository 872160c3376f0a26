package dev.lanewise.verify.check;

import java.io.Console;
import java.util.List;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error while a list is worked through, if a terminal is there. */
public final class Progress {

  private Progress() {}

  /** The items, with a bar that moves as they are taken. */
  public static <T> Iterable<T> over(String task, List<T> items) {
    // Null without a terminal in JDK 25, as before JDK 22.
    if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
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

package dev.lanewise.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The command that was given, for reports. */
final class Commands {

  private Commands() {}

  /** The command as a shell would take it apart again, without {@code lanewise}. */
  static String text(CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of("compare", spec.name()));
    words.addAll(spec.commandLine().getParseResult().expandedArgs());
    return words.stream()
        .map(word -> word.matches("[\\w=,.:/@%+-]+") ? word : "'" + word + "'")
        .collect(Collectors.joining(" "));
  }
}

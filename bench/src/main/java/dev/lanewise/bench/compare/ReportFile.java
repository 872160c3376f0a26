package dev.lanewise.bench.compare;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.lanewise.kernels.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes reports. */
final class ReportFile {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private ReportFile() {}

  /**
   * Why a report can't be written there, if so: asked before the measuring, which takes minutes.
   */
  static Optional<String> objection(Path file) {
    Path folder = folder(file);
    if (Files.isDirectory(file)) {
      return Optional.of("that is a folder, not a file");
    }
    return Files.isDirectory(folder) && Files.isWritable(folder)
        ? Optional.empty()
        : Optional.of("no file can be written in the folder " + folder);
  }

  /** Writes a report's components by their names. */
  static void json(Record report, Path file) throws IOException {
    text(GSON.toJson(report) + "\n", file);
  }

  /** Writes the text, whole or not at all. */
  static void text(String text, Path file) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().getParent();
  }
}

package dev.lanewise.bench.compare;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Writes reports as JSON. */
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

  /** Writes the report to a temporary file in the same folder and renames it. */
  static void write(Report report, Path file) throws IOException {
    Path part = Files.createTempFile(folder(file), file.getFileName().toString(), ".part");
    try {
      Files.writeString(part, GSON.toJson(report) + "\n");
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().getParent();
  }
}

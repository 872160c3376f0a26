package dev.lanewise.kernels.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file whole or not at all. */
public final class AtomicFile {

  private AtomicFile() {}

  /** Writes the contents of a file. */
  @FunctionalInterface
  public interface Contents {
    /** Writes to a buffered stream, which the caller closes. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes to a temporary file in the same folder and renames it, replacing a file of that name.
   *
   * @throws IOException if the folder is missing or writing fails; the old file stands then, and
   *     the temporary one is gone
   */
  public static void write(Path file, Contents contents) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("cannot write " + file + ": its folder does not exist");
    }
    // Not createTempFile, whose files are private to the user whatever the umask.
    String name = ".%s.%d.tmp".formatted(target.getFileName(), ProcessHandle.current().pid());
    Path temporary = folder.resolve(name);
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
        contents.writeTo(out);
      }
      rename(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Requires that a file of that name can be written, before long work on what goes into it: a
   * temporary file beside it is written and removed.
   *
   * @throws IOException if it is a folder, or nothing can be written beside it
   */
  public static void requireWritable(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("cannot write " + file + ": it is a folder");
    }
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("cannot write " + file + ": its folder does not exist");
    }
    try {
      Files.delete(Files.createTempFile(folder, ".", ".tmp"));
    } catch (IOException refused) {
      throw new IOException(
          "cannot write " + file + ": no file can be made in its folder", refused);
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException unsupported) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

package dev.lanewise.nn.io;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads PNG, JPEG and what else the JDK knows, of any size, in bounded memory. */
public final class ImageFile {

  /** What the JDK's JPEG reader warns of when the data end early. */
  private static final Pattern TRUNCATION =
      Pattern.compile("premature end|truncated", Pattern.CASE_INSENSITIVE);

  /** Larger images are read in steps of several pixels, so that no more than this are kept. */
  private static final int SIDE = 2048;

  private static final long MOST_PIXELS = 100_000_000;

  private ImageFile() {}

  /**
   * Reads an image; a large one at a fraction of its size.
   *
   * @throws IOException if the file is missing, not an image, damaged, or larger than 100
   *     megapixels
   */
  public static BufferedImage read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder, not an image");
    }
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
    try (ImageInputStream in = ImageIO.createImageInputStream(Files.newInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException(file + " is not an image this program reads (PNG, JPEG, GIF, BMP)");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        return read(reader);
      } catch (IOException | RuntimeException damaged) {
        throw new IOException(
            file + " cannot be read as an image: " + damaged.getMessage(), damaged);
      } finally {
        reader.dispose();
      }
    }
  }

  private static BufferedImage read(ImageReader reader) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if ((long) width * height > MOST_PIXELS) {
      throw new IOException(
          "%d x %d pixels are more than %,d".formatted(width, height, MOST_PIXELS));
    }
    ImageReadParam reading = reader.getDefaultReadParam();
    int step = Math.ceilDiv(Math.max(width, height), SIDE);
    reading.setSourceSubsampling(step, step, 0, 0);
    AtomicBoolean truncated = new AtomicBoolean();
    // The JDK fills up a JPEG that ends early, and only warns.
    reader.addIIOReadWarningListener(
        (_, warning) -> {
          if (TRUNCATION.matcher(warning).find()) {
            truncated.set(true);
          }
        });
    BufferedImage image = reader.read(0, reading);
    if (truncated.get()) {
      throw new IOException("it is truncated");
    }
    return image;
  }
}

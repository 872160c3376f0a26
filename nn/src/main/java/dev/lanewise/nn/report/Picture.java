package dev.lanewise.nn.report;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.kernels.shape.Check;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** Pictures of numbers from 0 to 1, grey or red, green and blue. */
public final class Picture {

  /** What lies between the pictures of a grid. */
  private static final Color GAP = new Color(0x5a6675);

  private Picture() {}

  /**
   * A picture; values outside 0 to 1 are brought to its ends.
   *
   * @param values {@code [channels, height, width]}, row-major; of other than three channels the
   *     first is shown in grey
   * @throws IllegalArgumentException if there are fewer values
   */
  public static BufferedImage of(float[] values, int channels, int height, int width) {
    int plane = Check.elements("picture", height, width);
    Check.that(
        values.length >= (long) channels * plane,
        "a picture of %d x %d x %d needs more than %d values",
        channels,
        height,
        width,
        values.length);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plane; i++) {
      int red = level(values[i]);
      int green = channels == 3 ? level(values[plane + i]) : red;
      int blue = channels == 3 ? level(values[2 * plane + i]) : red;
      image.setRGB(i % width, i / width, red << 16 | green << 8 | blue);
    }
    return image;
  }

  /**
   * Numbers as colours.
   *
   * @param values {@code [height, width]}, row-major
   * @throws IllegalArgumentException if there are fewer values
   */
  public static BufferedImage of(float[] values, int height, int width, ColourScale scale) {
    int plane = Check.elements("picture", height, width);
    Check.that(
        values.length >= plane,
        "a picture of %d x %d has more than %d values",
        height,
        width,
        values.length);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plane; i++) {
      image.setRGB(i % width, i / width, scale.rgb(values[i]));
    }
    return image;
  }

  /**
   * Two pictures of one size, one shining through the other.
   *
   * @param share of the one above, from 0 to 1
   */
  public static BufferedImage blend(BufferedImage below, BufferedImage above, float share) {
    int width = below.getWidth();
    BufferedImage blend = new BufferedImage(width, below.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < below.getHeight(); y++) {
      for (int x = 0; x < width; x++) {
        blend.setRGB(x, y, ColourScale.between(below.getRGB(x, y), above.getRGB(x, y), share));
      }
    }
    return blend;
  }

  /**
   * Pictures of one size side by side in rows, a pixel apart.
   *
   * @param columns of a row
   * @throws IllegalArgumentException if there is no picture or the columns are below 1
   */
  public static BufferedImage grid(List<BufferedImage> pictures, int columns) {
    Check.that(!pictures.isEmpty() && columns >= 1, "a grid of nothing");
    if (pictures.size() == 1) {
      return pictures.getFirst();
    }
    int width = pictures.getFirst().getWidth() + 1;
    int height = pictures.getFirst().getHeight() + 1;
    int rows = Math.ceilDiv(pictures.size(), columns);
    BufferedImage grid =
        new BufferedImage(columns * width - 1, rows * height - 1, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = grid.createGraphics();
    pen.setColor(GAP);
    pen.fillRect(0, 0, grid.getWidth(), grid.getHeight());
    for (int i = 0; i < pictures.size(); i++) {
      pen.drawImage(pictures.get(i), i % columns * width, i / columns * height, null);
    }
    pen.dispose();
    return grid;
  }

  /** A small picture with every pixel a square, so that its shorter side has so many at least. */
  public static BufferedImage enlarged(BufferedImage image, int shorter) {
    int factor = Math.ceilDiv(shorter, Math.min(image.getWidth(), image.getHeight()));
    if (factor <= 1) {
      return image;
    }
    int width = factor * image.getWidth();
    int height = factor * image.getHeight();
    BufferedImage large = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = large.createGraphics();
    pen.drawImage(image, 0, 0, width, height, null);
    pen.dispose();
    return large;
  }

  /**
   * Writes a picture as PNG, whole or not at all.
   *
   * @throws IOException if the folder is missing or writing fails
   */
  public static void write(BufferedImage image, Path file) throws IOException {
    byte[] bytes = png(image);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private static int level(float value) {
    return Math.round(255 * Math.clamp(value, 0, 1));
  }

  /** The picture as the source of an image element: PNG in a data URI. */
  public static String source(BufferedImage image) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(image));
  }

  private static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(image, "png", bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}

package dev.lanewise.nn.report;

import dev.lanewise.kernels.shape.Check;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pictures of numbers from 0 to 1, grey or red, green and blue. */
public final class Picture {

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

  private static int level(float value) {
    return Math.round(255 * Math.clamp(value, 0, 1));
  }

  /** The picture as the source of an image element: PNG in a data URI. */
  public static String source(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(image, "png", bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}

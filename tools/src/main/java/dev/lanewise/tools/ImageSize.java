package dev.lanewise.tools;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Height and width of images on the command line: {@code 224}, or {@code 200x300}.
 *
 * @param height in pixels
 * @param width in pixels
 */
record ImageSize(int height, int width) {

  /** Reads a size. */
  static final class Converter implements ITypeConverter<ImageSize> {
    @Override
    public ImageSize convert(String text) {
      Counts counts = new Counts();
      int cross = text.indexOf('x');
      try {
        return cross < 0
            ? new ImageSize(counts.convert(text), counts.convert(text))
            : new ImageSize(
                counts.convert(text.substring(0, cross)),
                counts.convert(text.substring(cross + 1)));
      } catch (TypeConversionException wrong) {
        throw new TypeConversionException(
            "'%s' is no size such as 224 or 200x300: %s".formatted(text, wrong.getMessage()));
      }
    }
  }
}

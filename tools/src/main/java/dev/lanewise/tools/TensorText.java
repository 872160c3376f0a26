package dev.lanewise.tools;

import dev.lanewise.models.onnx.tensor.OnnxTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A tensor in a few lines: its shape, its range, and the greatest or the first elements. */
final class TensorText {

  private static final int TOP = 5;
  private static final int ROWS = 8;
  private static final int FIRST = 8;

  private TensorText() {}

  static List<String> lines(String name, OnnxTensor tensor) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: %s".formatted(name, tensor));
    if (tensor.size() == 0) {
      return lines;
    }
    if (tensor.size() > 1) {
      lines.add("  " + range(tensor));
    }
    if (isRows(tensor)) {
      lines.addAll(rows(tensor));
    } else {
      String first =
          IntStream.range(0, Math.min(FIRST, tensor.size()))
              .mapToObj(i -> text(tensor, i))
              .collect(Collectors.joining(" "));
      lines.add("  " + first + (tensor.size() > FIRST ? " ..." : ""));
    }
    return lines;
  }

  private static String range(OnnxTensor tensor) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    int undefined = 0;
    for (int i = 0; i < tensor.size(); i++) {
      double value = tensor.real(i);
      undefined += Double.isNaN(value) ? 1 : 0;
      least = value < least ? value : least;
      greatest = value > greatest ? value : greatest;
      sum += value;
    }
    String range =
        String.format(
            Locale.ROOT, "from %.6g to %.6g, mean %.6g", least, greatest, sum / tensor.size());
    return undefined == 0 ? range : "%d of %d are NaN".formatted(undefined, tensor.size());
  }

  /** Scores of classes: {@code [n, classes]}, or with dimensions of 1 behind. */
  private static boolean isRows(OnnxTensor tensor) {
    int[] dims = tensor.dims();
    return tensor.isReal() && dims.length >= 2 && dims[1] > 1 && tensor.size() == dims[0] * dims[1];
  }

  private static List<String> rows(OnnxTensor tensor) {
    int count = tensor.dims()[0];
    int length = tensor.dims()[1];
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < Math.min(count, ROWS); row++) {
      int start = row * length;
      String top =
          IntStream.range(0, length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -tensor.real(start + i)))
              .limit(TOP)
              .map(i -> "%d (%s)".formatted(i, text(tensor, start + i)))
              .collect(Collectors.joining(", "));
      lines.add("  %stop: %s".formatted(count == 1 ? "" : "[%d] ".formatted(row), top));
    }
    if (count > ROWS) {
      lines.add("  and %d rows more".formatted(count - ROWS));
    }
    return lines;
  }

  private static String text(OnnxTensor tensor, int index) {
    return tensor.isReal()
        ? String.format(Locale.ROOT, "%.6g", tensor.real(index))
        : Long.toString(tensor.whole(index));
  }
}

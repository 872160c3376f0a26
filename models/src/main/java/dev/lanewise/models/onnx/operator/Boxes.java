package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What detectors do with boxes. */
final class Boxes {

  private Boxes() {}

  static void register(Operators operators) {
    operators.add("NonMaxSuppression", Boxes::nonMaxSuppression);
  }

  /**
   * Of each image and class the boxes of greatest score, none of which covers too much of another:
   * rows of (image, class, box).
   */
  private static OnnxTensor nonMaxSuppression(Call call) {
    OnnxTensor boxes = call.input(0);
    OnnxTensor scores = call.input(1);
    Check.that(
        boxes.rank() == 3
            && scores.rank() == 3
            && boxes.dims()[2] == 4
            && boxes.dims()[0] == scores.dims()[0]
            && boxes.dims()[1] == scores.dims()[2],
        "NonMaxSuppression of boxes %s and scores %s",
        boxes,
        scores);
    int most = call.optional(2).map(one -> Constants.single("the most boxes", one)).orElse(0);
    List<Long> chosen = new ArrayList<>();
    for (int image = 0; image < scores.dims()[0]; image++) {
      for (int kind = 0; kind < scores.dims()[1]; kind++) {
        for (int box : suppressed(call, image, kind, most)) {
          chosen.addAll(List.of((long) image, (long) kind, (long) box));
        }
      }
    }
    long[] indices = chosen.stream().mapToLong(Long::longValue).toArray();
    return OnnxTensor.ofWholes(ElementType.INT64, indices, indices.length / 3, 3);
  }

  private static List<Integer> suppressed(Call call, int image, int kind, int most) {
    OnnxTensor boxes = call.input(0);
    OnnxTensor scores = call.input(1);
    double overlap = call.optional(3).map(limit -> limit.real(0)).orElse(0.0);
    double least = call.optional(4).map(limit -> limit.real(0)).orElse(-Double.MAX_VALUE);
    int count = boxes.dims()[1];
    int firstScore = (image * scores.dims()[1] + kind) * count;
    List<Integer> byScore =
        IntStream.range(0, count)
            .filter(box -> scores.real(firstScore + box) > least)
            .boxed()
            .sorted(Comparator.comparingDouble(box -> -scores.real(firstScore + box)))
            .toList();
    boolean center = call.flag("center_point_box", false);
    List<Integer> chosen = new ArrayList<>();
    List<Box> kept = new ArrayList<>();
    for (int candidate : byScore) {
      if (chosen.size() >= most) {
        break;
      }
      call.spend(kept.size() + 1);
      Box box = Box.read(boxes, (image * count + candidate) * 4, center);
      if (kept.stream().noneMatch(other -> box.overlap(other) > overlap)) {
        chosen.add(candidate);
        kept.add(box);
      }
    }
    return chosen;
  }

  /** A rectangle, its lower corner first. */
  private record Box(double y0, double x0, double y1, double x1) {

    /** Reads two opposite corners (y, x), or a centre and sizes (x, y, width, height). */
    static Box read(OnnxTensor boxes, int at, boolean center) {
      double a = boxes.real(at);
      double b = boxes.real(at + 1);
      double c = boxes.real(at + 2);
      double d = boxes.real(at + 3);
      return center
          ? new Box(b - d / 2, a - c / 2, b + d / 2, a + c / 2)
          : new Box(Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d));
    }

    double area() {
      return (y1 - y0) * (x1 - x0);
    }

    /** Intersection over union. */
    double overlap(Box other) {
      double height = Math.min(y1, other.y1) - Math.max(y0, other.y0);
      double width = Math.min(x1, other.x1) - Math.max(x0, other.x0);
      if (height <= 0 || width <= 0) {
        return 0;
      }
      double common = height * width;
      return common / (area() + other.area() - common);
    }
  }
}

package dev.lanewise.nn.metrics;

import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well a detector finds objects: the mean over the classes of the average precision (mAP).
 *
 * <p>An answer is right if its box and that of an object of the image and class, which no surer
 * answer has found, have at least a given intersection over union (IoU); among several the one with
 * the greatest is taken. The average precision is the area under the precision that is reached at
 * each recall or above, as PASCAL VOC has it from 2010 on. (COCO samples the same curve at 101
 * places.)
 */
public final class DetectionScore {

  /**
   * A rectangle.
   *
   * @param left least x
   * @param top least y
   * @param right greatest x, no less than {@code left}
   * @param bottom greatest y, no less than {@code top}
   */
  public record Box(double left, double top, double right, double bottom) {

    /** Validates the sides. */
    public Box {
      Check.that(
          left <= right && top <= bottom,
          "a box needs left <= right and top <= bottom: %s, %s, %s, %s",
          left,
          right,
          top,
          bottom);
    }

    double area() {
      return (right - left) * (bottom - top);
    }

    /** Intersection over union with another, from 0 to 1. */
    public double iou(Box other) {
      double width = Math.min(right, other.right) - Math.max(left, other.left);
      double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
      if (width <= 0 || height <= 0) {
        return 0;
      }
      double common = width * height;
      return common / (area() + other.area() - common);
    }
  }

  private record Answer(int image, Box box, double score) {}

  private record Truth(int image, Box box) {}

  private final List<List<Answer>> answers = new ArrayList<>();
  private final List<List<Truth>> truths = new ArrayList<>();

  /** Counts nothing yet, for so many classes. */
  public DetectionScore(int classes) {
    Check.positive("classes", classes);
    for (int i = 0; i < classes; i++) {
      answers.add(new ArrayList<>());
      truths.add(new ArrayList<>());
    }
  }

  /** Adds an object that is in an image. */
  public void addTruth(int image, int type, Box box) {
    check(type);
    truths.get(type).add(new Truth(image, box));
  }

  /** Adds an answer of the detector, the surer the higher its score. */
  public void addAnswer(int image, int type, Box box, double score) {
    check(type);
    Check.that(!Double.isNaN(score), "a score is not a number");
    answers.get(type).add(new Answer(image, box, score));
  }

  private void check(int type) {
    Check.that(type >= 0 && type < truths.size(), "class %d is not one of %d", type, truths.size());
  }

  /**
   * The mean average precision over the classes that have an object; 0 if none has.
   *
   * @param iou the least intersection over union of a right answer, above 0
   */
  public double meanAveragePrecision(double iou) {
    Check.that(iou > 0 && iou <= 1, "the IoU must be above 0 and at most 1, is %s", iou);
    return IntStream.range(0, truths.size())
        .filter(type -> !truths.get(type).isEmpty())
        .mapToDouble(type -> averagePrecision(type, iou))
        .average()
        .orElse(0);
  }

  /** The mean over the thresholds 0.50, 0.55 to 0.95, COCO's chief figure. */
  public double meanAveragePrecision() {
    return IntStream.range(0, 10)
        .mapToDouble(i -> meanAveragePrecision((50 + 5 * i) / 100.0))
        .average()
        .orElseThrow();
  }

  /** The average precision of one class; 0 if it has no object. */
  public double averagePrecision(int type, double iou) {
    check(type);
    List<Truth> objects = truths.get(type);
    List<Answer> sorted =
        answers.get(type).stream()
            .sorted(Comparator.comparingDouble(Answer::score).reversed())
            .toList();
    boolean[] found = new boolean[objects.size()];
    double[] precision = new double[sorted.size()];
    boolean[] right = new boolean[sorted.size()];
    int hits = 0;
    for (int i = 0; i < precision.length; i++) {
      int object = bestObject(sorted.get(i), objects, found, iou);
      if (object >= 0) {
        found[object] = true;
        right[i] = true;
        hits++;
      }
      precision[i] = (double) hits / (i + 1);
    }
    double area = 0;
    double best = 0;
    for (int i = precision.length - 1; i >= 0; i--) {
      best = Math.max(best, precision[i]);
      area += right[i] ? best : 0;
    }
    return objects.isEmpty() ? 0 : area / objects.size();
  }

  /** The object an answer finds, or -1. */
  private static int bestObject(Answer answer, List<Truth> objects, boolean[] found, double iou) {
    int best = -1;
    double most = iou;
    for (int i = 0; i < objects.size(); i++) {
      Truth object = objects.get(i);
      double overlap = object.image == answer.image && !found[i] ? object.box.iou(answer.box) : 0;
      if (overlap >= most && (best < 0 || overlap > most)) {
        best = i;
        most = overlap;
      }
    }
    return best;
  }
}

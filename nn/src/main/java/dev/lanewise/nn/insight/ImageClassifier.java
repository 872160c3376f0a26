package dev.lanewise.nn.insight;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Normalization;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.Labels;
import dev.lanewise.nn.op.Arithmetic;
import dev.lanewise.nn.op.Reduce;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A trained network that is asked about images as they are: {@code [n, channels, height, width]}
 * row-major pixels from 0 to 1, which it normalises itself.
 *
 * <p>The network behaves as in use and keeps its values. It serves one thread at a time, and is not
 * to be trained meanwhile.
 */
public final class ImageClassifier {

  private final Network network;
  private final Normalization normalization;
  private final Workers workers;
  private final Context use;
  private final Context recorded;

  /** A number that is computed from scores {@code [n, classes]} and asked for its gradient. */
  @FunctionalInterface
  public interface Objective {

    /** Computes the number. */
    Tensor of(Tensor scores, Context context);

    /** The sum of one score a row, before any softmax: that of a class each. */
    static Objective scores(int... classes) {
      return (scores, context) -> {
        float[] mask = new float[scores.size()];
        for (int row = 0; row < classes.length; row++) {
          mask[row * scores.dim(1) + classes[row]] = 1;
        }
        Tensor chosen = Arithmetic.multiply(scores, Tensor.of(mask, scores.shape()), context);
        return Reduce.sum(chosen, context);
      };
    }

    /** The mean cross-entropy of the rows, given their classes. */
    static Objective loss(int... labels) {
      return (scores, context) -> CrossEntropy.of(scores, labels, context);
    }
  }

  /**
   * A classifier.
   *
   * @param network has its trained values, and answers with a row of scores an image
   * @param normalization brings pixels to the network's input
   */
  public ImageClassifier(Network network, Normalization normalization, Workers workers) {
    this.network = network;
    this.normalization = normalization;
    this.workers = workers;
    use = Context.inference(workers);
    recorded = Context.recordedInference(workers);
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** How pixels are brought to the network's input. */
  public Normalization normalization() {
    return normalization;
  }

  /**
   * The scores of each class, {@code [n, classes]}, before any softmax.
   *
   * @throws IllegalArgumentException if the images do not fit the network
   */
  public Tensor scores(Tensor images) {
    use.recycle();
    Tensor scores = requireRows(network.forward(normalization.apply(images), use));
    return Tensor.of(scores.values(), scores.shape());
  }

  /** The probability of each class, {@code [n, classes]} row-major. */
  public float[] probabilities(Tensor images) {
    return CrossEntropy.probabilities(scores(images));
  }

  /** The class of the highest score of each image. */
  public int[] answers(Tensor images) {
    return best(scores(images));
  }

  /** The class of the highest score of each row, the first where several are as high. */
  static int[] best(Tensor scores) {
    int classes = scores.dim(1);
    int[] best = new int[scores.dim(0)];
    for (int row = 0; row < best.length; row++) {
      for (int i = 1; i < classes; i++) {
        if (scores.data()[row * classes + i] > scores.data()[row * classes + best[row]]) {
          best[row] = i;
        }
      }
    }
    return best;
  }

  /**
   * The gradient of a number with respect to every pixel, row-major in the shape of the images.
   *
   * @throws IllegalArgumentException if the images do not fit the network
   */
  public float[] gradient(Tensor images, Objective objective) {
    recorded.recycle();
    return gradient(images, objective, recorded);
  }

  /** As {@link #gradient(Tensor, Objective)}, with each layer's output shown as it is computed. */
  float[] gradient(Tensor images, Objective objective, BiConsumer<String, Tensor> observer) {
    Context watched = Context.recordedInference(workers);
    show(watched, observer);
    return gradient(images, objective, watched);
  }

  private float[] gradient(Tensor images, Objective objective, Context context) {
    Tensor normalised = normalization.apply(images);
    Tensor input = Tensor.variable(Layout.NCHW, normalised.data(), normalised.shape());
    List<Tensor> trained =
        network.parameters().values().stream().filter(Tensor::requiresGrad).toList();
    trained.forEach(parameter -> parameter.train(false));
    try {
      objective.of(requireRows(network.forward(input, context)), context).backward();
    } finally {
      trained.forEach(parameter -> parameter.train(true));
    }
    return perPixel(input);
  }

  /** The gradient of an input as that of its pixels. */
  private float[] perPixel(Tensor input) {
    float[] gradient = input.gradValues();
    int channels = input.dim(1);
    int plane = input.dim(2) * input.dim(3);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= normalization.deviation(i / plane % channels);
    }
    return gradient;
  }

  /** Shows the output of each layer that takes part, in the order of computation. */
  void watch(Tensor images, BiConsumer<String, Tensor> observer) {
    Context watched = Context.inference(workers);
    show(watched, observer);
    network.forward(normalization.apply(images), watched);
  }

  /** Has a context show each layer's output by the layer's full name. */
  private void show(Context context, BiConsumer<String, Tensor> observer) {
    IdentityHashMap<Object, String> names = new IdentityHashMap<>();
    network.layers().forEach((name, layer) -> names.put(layer, name));
    context.observe((layer, output) -> observer.accept(names.get(layer), output));
  }

  /**
   * The layer of a full name, which may be a container such as {@code layer3}.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public Layer layer(String name) {
    Layer layer = network.layers().get(name);
    Check.that(
        layer != null,
        "%s has no layer '%s'; its layers are %s",
        network.name(),
        name,
        String.join(", ", network.layers().keySet()));
    return layer;
  }

  /**
   * The full name of the last layer, of those the network is made of at first hand, that gives a
   * map of more than one pixel: where Grad-CAM usually looks.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String lastMap(Tensor image) {
    List<String> maps = new ArrayList<>();
    watch(
        image,
        (name, output) -> {
          if (isMap(output) && network.body().children().containsKey(name)) {
            maps.add(name);
          }
        });
    Check.that(!maps.isEmpty(), "no layer of %s gives a map of several pixels", network.name());
    return maps.getLast();
  }

  static boolean isMap(Tensor output) {
    return output.rank() == 4 && output.dim(2) * output.dim(3) > 1;
  }

  /** Requires one image and a class that the network knows. */
  void requireOne(Tensor image, int label) {
    Check.that(
        image.rank() == 4 && image.dim(0) == 1,
        "one image [1, c, h, w] is asked about, not %s",
        image);
    int classes = network.body().outputShape(image.shape())[1];
    Check.that(label >= 0 && label < classes, "class %d is not one of %d classes", label, classes);
  }

  private static Tensor requireRows(Tensor scores) {
    Check.that(scores.rank() == 2, "a classifier answers with scores [n, classes], not %s", scores);
    return scores;
  }

  /** The mean loss over a batch, given its scores. */
  static double loss(Tensor scores, int... labels) {
    Context once = Context.inference(Workers.of(1));
    return CrossEntropy.Settings.PLAIN.of(scores, Labels.of(labels), once).item();
  }
}

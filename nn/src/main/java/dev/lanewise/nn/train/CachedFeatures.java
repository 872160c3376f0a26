package dev.lanewise.nn.train;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.BatchQueue;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.DerivedDataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.data.Loader;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a network sees in each image of a data set, computed once: a head is trained on it in
 * seconds.
 *
 * <p>Features {@code [n, f]} are images {@code [f, 1, 1]}, so that a head begins with a {@link
 * dev.lanewise.nn.layer.Flatten}. Images are taken as they are: those of a training set are not
 * varied.
 *
 * <pre>{@code
 * Dataset features = CachedFeatures.of(network.before("fc"), digits, workers);
 * Network head = new Network("head", new int[] {64, 1, 1},
 *     new Sequential().add("flatten", new Flatten()).add("fc", new Linear(64, 10))).initialize(1);
 * new Trainer(head, options, workers).run(features, testFeatures, report -> {});
 * }</pre>
 */
public final class CachedFeatures implements DerivedDataset {

  private static final int BATCH = 32;

  private final Dataset data;
  private final float[][] features;
  private final int[] shape;

  private CachedFeatures(Dataset data, float[][] features, int... shape) {
    this.data = data;
    this.features = features;
    this.shape = shape;
  }

  /**
   * Runs a network over every image.
   *
   * @param network ends in features, {@code [n, f]} or {@code [n, channels, height, width]}
   * @throws IllegalArgumentException if the images do not fit the network, or there is none
   * @throws IOException if an image cannot be read
   */
  public static CachedFeatures of(Network network, Dataset data, Workers workers)
      throws IOException {
    Context context = Context.inference(workers);
    float[][] features = new float[data.size()][];
    int[] shape = null;
    int done = 0;
    try (BatchQueue batches = Loader.evaluation(data, BATCH, 1).epoch(0)) {
      while (batches.hasNext()) {
        context.recycle();
        Batch batch = batches.next();
        Tensor output = network.forward(batch.input(), context);
        shape = imageShape(output);
        float[] values = output.values();
        int length = values.length / batch.size();
        for (int i = 0; i < batch.size(); i++) {
          features[done++] = Arrays.copyOfRange(values, i * length, (i + 1) * length);
        }
      }
    }
    return new CachedFeatures(data, features, shape);
  }

  private static int[] imageShape(Tensor output) {
    return switch (output.rank()) {
      case 2 -> new int[] {output.dim(1), 1, 1};
      case 4 -> new int[] {output.dim(1), output.dim(2), output.dim(3)};
      default ->
          throw new IllegalArgumentException(
              "features must be [n, f] or [n, c, h, w], not " + output);
    };
  }

  @Override
  public Dataset data() {
    return data;
  }

  @Override
  public void read(int index, Image image) {
    Check.that(index >= 0 && index < features.length, "image %d is not one of %d", index, size());
    float[] own = features[index];
    System.arraycopy(own, 0, image.resize(shape[0], shape[1], shape[2]), 0, own.length);
  }
}

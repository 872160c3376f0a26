package dev.lanewise.nn.train;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.data.Augmentation;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.GradientClip;
import dev.lanewise.nn.optim.Schedule;
import dev.lanewise.nn.optim.WeightAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A training with all that has a state: running statistics, dropout, moments, an average, a
 * schedule that looks back. Started in a JVM of its own by {@link ResumeTest}, which kills it.
 */
final class KillableTraining {

  private static final long READ_NANOSECONDS = 1_000_000;

  private KillableTraining() {}

  /** Trains; the argument is the folder for weights and checkpoint. */
  public static void main(String[] arguments) throws IOException {
    try (Workers workers = Workers.of(2)) {
      run(Path.of(arguments[0]), workers, 2, new Slow(new Halves(60)));
    }
  }

  static Trainer run(Path folder, Workers workers, int loaders, Dataset images) throws IOException {
    Trainer trainer = new Trainer(network(), options(folder, loaders), workers);
    trainer.run(images, new Halves(10), report -> {});
    return trainer;
  }

  static Network network() {
    Sequential layers =
        new Sequential()
            .add("conv", new Conv2d(1, 4, 3))
            .add("norm", new BatchNorm(4))
            .add("relu", Activate.relu())
            .add("flatten", new Flatten())
            .add("drop", Drop.elements(0.2f))
            .add("fc", new Linear(144, 2));
    return new Network("killable", new int[] {1, 8, 8}, layers).initialize(3);
  }

  static TrainOptions options(Path folder, int loaders) {
    return TrainOptions.defaults()
        .with()
        .epochs(4)
        .batch(4)
        .optimizer(Adam.Settings.of(0.01f).decoupledDecay(0.01f))
        .schedule(Schedule.parse("plateau:0:0.5"))
        .augmentation(Augmentation.parse("flip,shift:1,mixup:0.3"))
        .clip(new GradientClip(0.5, 1))
        .average(new WeightAverage.Exponential(0.9))
        .loaders(loaders)
        .files(
            TrainOptions.Files.NONE
                .weights(folder.resolve("weights.safetensors"))
                .checkpoint(folder.resolve("checkpoint.safetensors"), 2))
        .build();
  }

  /** Takes its time to read an image, so that there is time to be killed. */
  private record Slow(Dataset images) implements Dataset {
    @Override
    public int size() {
      return images.size();
    }

    @Override
    public List<String> classes() {
      return images.classes();
    }

    @Override
    public int label(int index) {
      return images.label(index);
    }

    @Override
    public void read(int index, Image image) throws IOException {
      LockSupport.parkNanos(READ_NANOSECONDS);
      images.read(index, image);
    }
  }
}

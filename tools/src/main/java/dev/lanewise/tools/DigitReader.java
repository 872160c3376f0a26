package dev.lanewise.tools;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.loss.CrossEntropy;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A network that reads one digit at a time. */
final class DigitReader {

  private final Network network;
  private final Context context;

  /** Reads with a trained network on one thread: a digit is too little work for two. */
  DigitReader(Network network) {
    this.network = network;
    context = Context.inference(Workers.of(1));
  }

  /**
   * What a digit was taken for.
   *
   * @param probabilities of each class, in the order of the classes
   */
  record Reading(List<Float> probabilities) {

    /** The classes, the most probable first. */
    List<Integer> ranking() {
      return IntStream.range(0, probabilities.size())
          .boxed()
          .sorted(Comparator.comparing(probabilities::get).reversed())
          .toList();
    }

    /** The most probable class. */
    int best() {
      return ranking().getFirst();
    }
  }

  /**
   * Reads a digit.
   *
   * @param grey 28x28 unsigned bytes, row-major, bright ink on black
   */
  Reading read(byte[] grey) {
    context.recycle();
    float[] probabilities =
        CrossEntropy.probabilities(network.forward(MnistData.input(grey), context));
    return new Reading(
        IntStream.range(0, probabilities.length).mapToObj(i -> probabilities[i]).toList());
  }
}

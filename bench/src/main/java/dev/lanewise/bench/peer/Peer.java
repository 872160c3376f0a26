package dev.lanewise.bench.peer;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A library that {@code compare} times: Lanewise itself, or another.
 *
 * <p>The others are compiled only with the Maven profile {@code peers} and are found as a {@link
 * java.util.ServiceLoader service}; {@link Peers} hands them out by name.
 */
public interface Peer {

  /** The name by which the command line and the report know it, such as {@code onnxruntime}. */
  String name();

  /**
   * Loads the native library, so that one that this machine can't load is known before the first
   * row.
   *
   * @throws LinkageError or a RuntimeException: why it can't be used
   */
  default void load() {}

  /**
   * Makes everything ready for {@link Prepared#run}: packs the filter, reorders the operands to the
   * layout the library prefers, allocates the result. What is returned is used and closed on the
   * calling thread.
   *
   * @throws IllegalArgumentException if the library can't compute the problem; the message says why
   */
  Prepared prepare(Problem problem);

  /**
   * Makes everything ready for training steps, of which {@link Prepared#run} makes one and {@link
   * Prepared#result} tells the losses ({@link Losses}).
   *
   * @throws IllegalArgumentException if the library can't train the network; the message says why
   */
  default Prepared train(TrainingStep step) {
    throw new IllegalArgumentException(name() + " is not prepared to train networks here");
  }

  /**
   * Makes a network ready for use.
   *
   * @throws IllegalArgumentException if the library can't compute it; the message says why
   */
  default Prepared infer(Inference inference) {
    throw new IllegalArgumentException(name() + " is not prepared to run networks here");
  }

  /**
   * Writes a network as a fresh process of this library reads it.
   *
   * @throws IllegalArgumentException if the library can't compute it; the message says why
   */
  default void save(Inference inference, Path file) throws IOException {
    throw new IllegalArgumentException(name() + " is not prepared to start from a file here");
  }

  /** Reads what {@link #save} wrote, makes it ready and runs once: all that a program does. */
  default float[] start(Inference inference, Path file) throws IOException {
    throw new IllegalArgumentException(name() + " is not prepared to start from a file here");
  }

  /** A problem, ready to be computed as often as wanted. */
  interface Prepared extends AutoCloseable {

    /** Computes the whole result once. Nothing else is done here: this is timed. */
    void run();

    /** The result of the last run, copied to its plain layout, {@link Problem#resultDims()}. */
    float[] result();

    /** What the library chose to do, such as {@code direct} or {@code brgconv:avx512_core}. */
    String algorithm();

    /** Frees what the library holds outside of the Java heap. */
    @Override
    void close();
  }
}

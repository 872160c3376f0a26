package dev.lanewise.bench.peer;

/**
 * A convolution library that {@code compare} times: Lanewise itself, or a native one.
 *
 * <p>The native peers are compiled only with the Maven profile {@code peers} and are found as a
 * {@link java.util.ServiceLoader service}; {@link Peers} hands them out by name.
 */
public interface Peer {

  /** The name by which the command line and the report know it, such as {@code onnxruntime}. */
  String name();

  /**
   * Makes everything ready for {@link Prepared#run}: packs the filter, reorders the input to the
   * layout the library prefers, allocates the output. The result is used and closed on the calling
   * thread.
   *
   * @throws IllegalArgumentException if the library can't compute the problem
   */
  Prepared prepare(Problem problem);

  /** One convolution, ready to run as often as wanted. */
  interface Prepared extends AutoCloseable {

    /** Computes the whole output once, bias included. Nothing else is done here: this is timed. */
    void run();

    /** The output of the last run, copied to plain NCHW. */
    float[] output();

    /** What the library chose to do, such as {@code direct} or {@code brgconv:avx512_core}. */
    String algorithm();

    /** Frees what the library holds outside of the Java heap. */
    @Override
    void close();
  }
}

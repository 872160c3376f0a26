package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.nn.graph.Value;

/** A stage ready to run: its plan, filters and all else that callers share. */
interface Step {

  /** A caller's values. */
  interface Memory {
    /** Where a value lies. */
    Slice of(Value value);

    /** The session's input as it was given to the present run, row-major. */
    float[] given();
  }

  /** The work on a caller's memory; running it allocates nothing unless the step says so. */
  Runnable bind(Memory memory);

  /** What computes it, such as the algorithm of a convolution. */
  String algorithm();

  /** Multiply-adds of one run. */
  default long multiplyAdds() {
    return 0;
  }

  /** Memory of packed filters that one run reads. */
  default long filterBytes() {
    return 0;
  }

  /** Has the compiler do its best with what the step calls. */
  default void warmUp() {}
}

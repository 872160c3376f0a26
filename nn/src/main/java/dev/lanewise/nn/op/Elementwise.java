package dev.lanewise.nn.op;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/** An activation of every element, in the input's layout. */
public final class Elementwise extends Operation {

  /** Floats of a piece of work: 16 kB, which stay in the first-level cache. */
  private static final int PIECE = 4096;

  private final Activation activation;

  private Elementwise(Context context, Tensor x, Activation activation) {
    super(context, x);
    this.activation = activation;
  }

  /** Applies the activation. */
  public static Tensor apply(Tensor x, Activation activation, Context context) {
    float[] in = x.data();
    float[] out = context.buffer(in.length);
    pieces(
        context.workers(),
        in.length,
        (from, to) -> {
          System.arraycopy(in, from, out, from, to - from);
          Activations.apply(activation, out, from, to);
        });
    if (!Activations.keepsZero(activation) && x.layout() == Layout.NCHW16C) {
      clearPadding(out, x.shape());
    }
    return new Elementwise(context, x, activation).output(x.layout(), out, x.shape());
  }

  @Override
  protected void backward(Tensor y) {
    float[] kept = Activations.needsInput(activation) ? input(0).data() : y.data();
    gradient(
        0,
        dx ->
            pieces(
                context().workers(),
                dx.length,
                (from, to) -> Activations.backward(activation, kept, y.grad(), dx, from, to)));
  }

  private interface Piece {
    void run(int from, int to);
  }

  /** Divides a range into pieces whose borders do not depend on the number of workers. */
  private static void pieces(Workers workers, int length, Piece piece) {
    int count = Math.ceilDiv(length, PIECE);
    workers.run(
        (worker, all, scratch) -> {
          int end = Workers.start(count, worker + 1, all);
          for (int i = Workers.start(count, worker, all); i < end; i++) {
            piece.run(i * PIECE, Math.min(length, (i + 1) * PIECE));
          }
        });
  }

  /** Zeroes the lanes past the last channel, where the function of zero is not zero. */
  private static void clearPadding(float[] blocked, int... dims) {
    int used = dims[1] % Layout.BLOCK;
    if (used == 0) {
      return;
    }
    int image = blocked.length / dims[0];
    int lastBlock = image / Layout.blocks(dims[1]);
    for (int n = 1; n <= dims[0]; n++) {
      for (int i = n * image - lastBlock; i < n * image; i += Layout.BLOCK) {
        Arrays.fill(blocked, i + used, i + Layout.BLOCK, 0f);
      }
    }
  }
}

package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Lanes;

/** The operands of one call of a {@link NormPlan}, and its passes over the pieces. */
final class NormCall {

  private static final int BLOCK = Layout.BLOCK;

  /** Two numbers of each channel of a piece. */
  final float[] partial;

  /** Coefficients of each channel of each image; those of padding lanes are always zero. */
  final float[] centre;

  final float[] scale;
  final float[] slope;
  final float[] shift;

  final double[] gammaSums;
  final double[] betaSums;

  private final NormSets sets;
  private final Task moments = pass(this::moments);
  private final Task application = pass(this::apply);
  private final Task sums = pass(this::sums);
  private final Task gradient = pass(this::gradient);
  private float[] x;
  private float[] dy;
  private float[] out;
  private float[] residual;
  private Activation activation = Activation.IDENTITY;

  /** The result, where a gradient is to pass the activation first; null elsewhere. */
  private float[] kept;

  NormCall(NormSets sets) {
    this.sets = sets;
    partial = new float[sets.units() * 2 * BLOCK];
    centre = new float[sets.lanes()];
    scale = new float[sets.lanes()];
    slope = new float[sets.lanes()];
    shift = new float[sets.lanes()];
    gammaSums = new double[sets.channels()];
    betaSums = new double[sets.channels()];
  }

  void operands(float[] newX, float[] newDy, float[] newOut) {
    x = newX;
    dy = newDy;
    out = newOut;
  }

  /** What follows the normalisation: a residual, or null, and an activation. */
  void epilogue(float[] newResidual, Activation newActivation) {
    residual = newResidual;
    activation = newActivation;
  }

  /** What the gradient passes first: the activation of a result, or null for none. */
  void activated(float[] newKept, Activation newActivation) {
    kept = newKept;
    activation = newActivation;
  }

  /** Forgets the operands. */
  void clear() {
    operands(null, null, null);
    epilogue(null, Activation.IDENTITY);
    kept = null;
  }

  Task momentsPass() {
    return moments;
  }

  Task applicationPass() {
    return application;
  }

  Task sumsPass() {
    return sums;
  }

  Task gradientPass() {
    return gradient;
  }

  private interface Piece {
    void run(int unit);
  }

  private Task pass(Piece piece) {
    return (worker, workers, scratch) -> {
      int end = Workers.start(sets.units(), worker + 1, workers);
      for (int unit = Workers.start(sets.units(), worker, workers); unit < end; unit++) {
        piece.run(unit);
      }
    };
  }

  private void moments(int unit) {
    int from = sets.from(unit);
    int at = unit * 2 * BLOCK;
    if (Lanes.vectorised()) {
      VectorNorm.moments(x, from, sets.pixels(unit), partial, at);
    } else {
      ScalarNorm.moments(x, from, sets.pixels(unit), partial, at);
    }
  }

  private void apply(int unit) {
    int from = sets.from(unit);
    int at = sets.plane(unit) * BLOCK;
    if (Lanes.vectorised()) {
      VectorNorm.apply(x, from, sets.pixels(unit), centre, scale, shift, at, out);
    } else {
      ScalarNorm.apply(x, from, sets.pixels(unit), centre, scale, shift, at, out);
    }
    if (residual != null) {
      Blocks.add(residual, from, BLOCK, out, from, BLOCK, sets.pixels(unit));
    }
    Activations.apply(activation, out, from, from + sets.pixels(unit) * BLOCK);
  }

  private void sums(int unit) {
    int from = sets.from(unit);
    if (kept != null) {
      int end = from + sets.pixels(unit) * BLOCK;
      Activations.backward(activation, kept, dy, dy, from, end);
    }
    int at = sets.plane(unit) * BLOCK;
    int to = unit * 2 * BLOCK;
    if (Lanes.vectorised()) {
      VectorNorm.sums(x, dy, from, sets.pixels(unit), centre, at, partial, to);
    } else {
      ScalarNorm.sums(x, dy, from, sets.pixels(unit), centre, at, partial, to);
    }
  }

  private void gradient(int unit) {
    int from = sets.from(unit);
    int at = sets.plane(unit) * BLOCK;
    if (Lanes.vectorised()) {
      VectorNorm.gradient(x, dy, from, sets.pixels(unit), centre, scale, slope, shift, at, out);
    } else {
      ScalarNorm.gradient(x, dy, from, sets.pixels(unit), centre, scale, slope, shift, at, out);
    }
  }
}

package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.depthwise.DepthwiseConvolution;
import dev.lanewise.kernels.direct.DirectConvolution;
import dev.lanewise.kernels.fft.FftConvolution;
import dev.lanewise.kernels.grouped.GroupedConvolution;
import dev.lanewise.kernels.im2col.Im2colConvolution;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.strassen.StrassenConvolution;
import dev.lanewise.kernels.winograd.StridedWinograd;
import dev.lanewise.kernels.winograd.WinogradConvolution;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The convolution algorithms that a plan can choose from. */
public enum Algorithm {
  /** The batch-reduce kernel over NCHW16c with tables of taps. */
  DIRECT,
  /** Columns packed in cache-sized blocks, multiplied by the filter as a matrix. */
  IM2COL,
  /** Winograd's F(2x2, r x r): two outputs of an axis at a time. */
  WINOGRAD_F2,
  /** Winograd's F(4x4, r x r). */
  WINOGRAD_F4,
  /** Winograd's F(4x2, 3x3): filters of 24 products, not 36, for many channels and few pixels. */
  WINOGRAD_F4X2,
  /** Winograd's F(6x6, 3x3): fewest products, largest rounding errors. */
  WINOGRAD_F6,
  /** Winograd's algorithm on the phases of a strided input, each a channel of its own. */
  WINOGRAD_PHASES,
  /** Minimal filtering of 3x3 kernels at stride 2: 25 products for 36. */
  WINOGRAD_STRIDED,
  /** One channel at a time in each lane, where every channel has filters of its own. */
  DEPTHWISE,
  /** The same with two neighbouring outputs summed together, by Winograd's F(2,3) along the row. */
  DEPTHWISE_F2,
  /** Products of Fourier transforms of overlapping tiles, for large kernels. */
  FFT,
  /** Groups of fewer than 16 channels, several in each vector. */
  GROUPED,
  /** Strassen's seven products of quarters for eight, for pointwise kernels of many channels. */
  STRASSEN;

  /** The name that the command line and reports use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The algorithm of a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Algorithm of(String label) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown algorithm '%s'; known: %s"
                        .formatted(
                            label,
                            String.join(
                                ", ", Arrays.stream(values()).map(Algorithm::label).toList()))));
  }

  /** Whether every output is one plain sum of products: exact on small integers. */
  public boolean isSummation() {
    return switch (this) {
      case DIRECT, IM2COL, DEPTHWISE, GROUPED -> true;
      case WINOGRAD_F2,
          WINOGRAD_F4,
          WINOGRAD_F4X2,
          WINOGRAD_F6,
          WINOGRAD_PHASES,
          WINOGRAD_STRIDED,
          DEPTHWISE_F2,
          FFT,
          STRASSEN ->
          false;
    };
  }

  /** The least demanding accuracy at which this algorithm may be chosen. */
  Accuracy accuracy() {
    return switch (this) {
      case DIRECT, IM2COL, DEPTHWISE, GROUPED -> Accuracy.STRICT;
      case WINOGRAD_F2,
          WINOGRAD_F4,
          WINOGRAD_F4X2,
          WINOGRAD_PHASES,
          WINOGRAD_STRIDED,
          DEPTHWISE_F2,
          FFT,
          STRASSEN ->
          Accuracy.DEFAULT;
      case WINOGRAD_F6 -> Accuracy.FAST;
    };
  }

  /**
   * Why this algorithm cannot compute a shape, if it cannot. Padding with other values than zeros
   * is no reason: a plan then computes the convolution of the padded input, without padding.
   */
  public Optional<String> objection(ConvShape shape) {
    ConvShape computed = shape.zeroPadded();
    return switch (this) {
      case DIRECT -> DirectConvolution.objection(computed);
      case IM2COL -> Optional.empty();
      case WINOGRAD_F2 -> WinogradConvolution.objection(computed, 2);
      case WINOGRAD_F4 -> WinogradConvolution.objection(computed, 4);
      case WINOGRAD_F4X2 -> WinogradConvolution.oblongObjection(computed);
      case WINOGRAD_F6 -> WinogradConvolution.objection(computed, 6);
      case WINOGRAD_PHASES -> WinogradConvolution.phasesObjection(computed);
      case WINOGRAD_STRIDED -> StridedWinograd.objection(computed);
      case DEPTHWISE -> DepthwiseConvolution.objection(computed);
      case DEPTHWISE_F2 -> DepthwiseConvolution.pairsObjection(computed);
      case FFT -> FftConvolution.objection(computed);
      case GROUPED -> GroupedConvolution.objection(computed);
      case STRASSEN -> StrassenConvolution.objection(computed);
    };
  }

  /**
   * Prepares this algorithm for a shape.
   *
   * @throws IllegalArgumentException if it cannot compute it
   */
  ConvAlgorithm prepare(ConvShape shape, int workers) {
    objection(shape)
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(
                  "%s cannot compute %s: %s".formatted(label(), shape, rule));
            });
    return switch (this) {
      case DIRECT -> new DirectConvolution(shape, workers);
      case IM2COL -> new Im2colConvolution(shape, workers);
      case WINOGRAD_F2 -> new WinogradConvolution(shape, 2, workers);
      case WINOGRAD_F4 -> new WinogradConvolution(shape, 4, workers);
      case WINOGRAD_F4X2 -> WinogradConvolution.ofOblongTiles(shape, workers);
      case WINOGRAD_F6 -> new WinogradConvolution(shape, 6, workers);
      case WINOGRAD_PHASES -> WinogradConvolution.ofPhases(shape, workers);
      case WINOGRAD_STRIDED -> new StridedWinograd(shape, workers);
      case DEPTHWISE -> new DepthwiseConvolution(shape);
      case DEPTHWISE_F2 -> new DepthwiseConvolution(shape, true);
      case FFT -> new FftConvolution(shape);
      case GROUPED -> new GroupedConvolution(shape);
      case STRASSEN -> new StrassenConvolution(shape, workers);
    };
  }
}

package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.direct.OutputGroup;
import dev.lanewise.kernels.layout.Layout;

/**
 * The spectra of a filter as {@link DenseProduct} reads them: for each output group and frequency a
 * chunk {@code [plane][input block][re, im][16][output channels]}.
 */
final class DenseFilter {

  private static final int BLOCK = Layout.BLOCK;

  private final FftGeometry geometry;
  private final OutputGroup[] groups;

  /** Where each group's chunks begin, and the length of all. */
  private final long[] base;

  DenseFilter(FftGeometry geometry, OutputGroup[] groups) {
    this.geometry = geometry;
    this.groups = groups;
    base = new long[groups.length + 1];
    for (int g = 0; g < groups.length; g++) {
      base[g + 1] = base[g] + (long) geometry.frequencies() * chunk(g);
    }
  }

  /** Floats of all chunks. */
  long floats() {
    return base[groups.length];
  }

  /** Floats of one frequency of a group. */
  int chunk(int group) {
    return geometry.depth().kernel() * block(group, groups[group].inBlocks());
  }

  /** Where a frequency of a group begins; they are counted through columns. */
  int place(int group, int frequency) {
    return (int) base[group] + frequency * chunk(group);
  }

  /** Where a plane's block begins within a chunk. */
  int block(int group, int blocks) {
    return blocks * 2 * BLOCK * groups[group].channels();
  }

  /** Lays out the spectra of {@code filter}, {@code [out][in / groups][taps]}. */
  void pack(float[] filter, float[] packed) {
    FilterSpectra spectra = new FilterSpectra(geometry);
    int inChannels = geometry.shape().inChannels();
    for (int g = 0; g < groups.length; g++) {
      OutputGroup group = groups[g];
      int firstIn = group.firstInBlock() * BLOCK;
      int endIn = Math.min(firstIn + group.inBlocks() * BLOCK, inChannels);
      for (int b = 0; b < group.blocks(); b++) {
        for (int in = firstIn; in < endIn; in++) {
          for (int plane = 0; plane < geometry.depth().kernel(); plane++) {
            pack(spectra, filter, g, b, in, plane, packed);
          }
        }
      }
    }
  }

  /** Lays out one plane of an input channel's filters for a block of output channels. */
  private void pack(
      FilterSpectra spectra,
      float[] filter,
      int g,
      int outBlock,
      int in,
      int plane,
      float[] packed) {
    OutputGroup group = groups[g];
    int fromGroup = in - group.firstInBlock() * BLOCK;
    int inBlock = plane * group.inBlocks() + fromGroup / BLOCK;
    int within = block(g, inBlock) + fromGroup % BLOCK * group.channels() + outBlock * BLOCK;
    spectra.transform(
        filter,
        (group.firstBlock() + outBlock) * BLOCK,
        in,
        plane,
        (column, row, values, re, im) -> {
          int to = place(g, column * geometry.rows().size() + row) + within;
          System.arraycopy(values, re, packed, to, BLOCK);
          System.arraycopy(values, im, packed, to + BLOCK * group.channels(), BLOCK);
        });
  }
}

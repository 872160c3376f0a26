package dev.lanewise.kernels.layout;

import dev.lanewise.kernels.shape.Check;
import java.util.Objects;

/**
 * Some neighbouring channel blocks of a batch of NCHW16C images: all of them, or a part of wider
 * ones, so that a concatenation is written in place and its parts are read without copies.
 *
 * @param data the array in which the images lie
 * @param first where the slice of the first image begins, in floats
 * @param imageStride floats from one image to the next
 */
@SuppressWarnings("ArrayRecordComponent") // a view of memory; never compared
public record Slice(float[] data, int first, int imageStride) {

  /**
   * Floats from the first of an array to the next cache line of 64 bytes, where the array itself,
   * whose header takes 16 bytes on a 64-bit HotSpot JVM, begins at a line.
   */
  public static final int TO_LINE = 12;

  /**
   * Checks that there is an array.
   *
   * @throws IllegalArgumentException if an offset is negative
   */
  public Slice {
    Objects.requireNonNull(data, "data");
    Check.notNegative("first", first);
    Check.notNegative("imageStride", imageStride);
  }

  /**
   * New images of zeros, one behind the other, that begin at a cache line if their array does: any
   * array with the JVM's option {@code -XX:ObjectAlignmentInBytes=64}, and large ones under G1.
   *
   * <p>Each pixel of a block then is one line. Loads and stores of 16 lanes that touch two lines
   * cost more, which shows where there is little to compute for each: measured on Zen 4, depthwise
   * layers of stride 1 take 1.03 to 1.25 times and of stride 2 up to 1.3 times as long where every
   * pixel lies across two.
   *
   * @param dims {@code [batch, channels, spatial...]}
   * @throws IllegalArgumentException if a dimension is not positive (the batch negative), or they
   *     do not fit into an array
   */
  public static Slice allocate(int[] dims) {
    int length = Layout.NCHW16C.length(dims);
    return new Slice(new float[TO_LINE + length], TO_LINE, dims[0] == 0 ? 0 : length / dims[0]);
  }

  /**
   * Neighbouring channels of images.
   *
   * @param data NCHW16C
   * @param dims {@code [batch, channels, spatial...]} of the images
   * @param fromChannel first channel, a multiple of 16
   * @param channels how many; a multiple of 16 unless the slice ends with the image's last channel
   * @throws IllegalArgumentException if the array has another length, or the channels are not whole
   *     blocks of the images
   */
  public static Slice channels(float[] data, int[] dims, int fromChannel, int channels) {
    int length = Layout.NCHW16C.length(dims);
    Check.length("data", data, length);
    Check.positive("channels", channels);
    int end = fromChannel + channels;
    boolean blocks =
        fromChannel >= 0
            && fromChannel % Layout.BLOCK == 0
            && (end % Layout.BLOCK == 0 ? end <= dims[1] : end == dims[1]);
    Check.that(
        blocks,
        "channels %d to %d are not whole blocks of %d out of %d channels",
        fromChannel,
        end - 1,
        Layout.BLOCK,
        dims[1]);
    int imageStride = dims[0] == 0 ? 0 : length / dims[0];
    return new Slice(
        data, imageStride / Layout.blocks(dims[1]) * (fromChannel / Layout.BLOCK), imageStride);
  }

  /** Whether images of {@code length} floats lie inside the array. */
  public boolean holds(int batch, int length) {
    return holds(data, first, imageStride, batch, length);
  }

  /**
   * Checks that images of {@code length} floats lie inside the array.
   *
   * @param name of the slice in the message
   * @throws IllegalArgumentException unless they do
   */
  public void require(String name, int batch, int length) {
    require(name, data, first, imageStride, batch, length);
  }

  /**
   * Checks that images of {@code length} floats, so placed, lie inside an array.
   *
   * @param name of the images in the message
   * @throws IllegalArgumentException unless they do
   */
  public static void require(
      String name, float[] data, int first, int imageStride, int batch, int length) {
    if (!holds(data, first, imageStride, batch, length)) {
      throw new IllegalArgumentException(
          ("%s needs %d images of %d floats: from %d with stride %d they do not lie in an array of"
                  + " %d")
              .formatted(name, batch, length, first, imageStride, data.length));
    }
  }

  /** Whether images of {@code length} floats, so placed, lie inside an array. */
  public static boolean holds(float[] data, int first, int imageStride, int batch, int length) {
    return batch == 0
        || ((length <= imageStride || batch == 1)
            && first >= 0
            && first + (batch - 1L) * imageStride + length <= data.length);
  }

  /**
   * Whether no float of images of {@code length} floats here is one of another slice's. Slices of
   * one array with different image strides count as overlapping.
   */
  @SuppressWarnings("ReferenceEquality")
  public boolean disjoint(int length, Slice other, int otherLength) {
    return data != other.data
        || (imageStride == other.imageStride
            && (first + length <= other.first || other.first + otherLength <= first));
  }
}

package dev.lanewise.kernels.direct;

/** Where the kernel finds the rows that a strip needs, in floats from the row of its first tap. */
public interface RowPlaces {

  /** From one plane of input channels to the next. */
  int plane();

  /** From one kernel plane to the next. */
  int depth();

  /** From one kernel row to the next. */
  int height();

  /** From the first column that a row's windows touch to another. */
  int column(int column);

  /** The row of the first tap of an output row, from the image's or the band's begin. */
  int row(int outDepth, int outHeight);

  /** Rows of an image that are read in place. */
  record InImage(Geometry geometry) implements RowPlaces {

    private int rowFloats() {
      return geometry.width().input() * Geometry.BLOCK;
    }

    @Override
    public int plane() {
      return geometry.inPlane();
    }

    @Override
    public int depth() {
      return geometry.depth().dilation() * geometry.height().input() * rowFloats();
    }

    @Override
    public int height() {
      return geometry.height().dilation() * rowFloats();
    }

    @Override
    public int column(int column) {
      return column * Geometry.BLOCK;
    }

    @Override
    public int row(int outDepth, int outHeight) {
      int plane = geometry.depth().position(outDepth, 0) * geometry.height().input();
      return (plane + geometry.height().position(outHeight, 0)) * rowFloats();
    }
  }
}

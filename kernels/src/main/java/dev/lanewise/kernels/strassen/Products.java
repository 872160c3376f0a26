package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import dev.lanewise.kernels.strassen.Operand.Memory;

/** The products of a block of pixels of both halves and a panel of both halves. */
final class Products {

  private static final int BLOCK = Quarters.BLOCK;
  private static final int PANEL = Quarters.PANEL;

  /** Which product is u4, that is added to u2 and u3 as soon as it is there. */
  private static final int U4 = 4;

  /**
   * A product: the sum starts from the values of {@code start} and goes to {@code to}.
   *
   * @param left the input's factor
   */
  private record Product(Operand left, Taps taps, Operand start, Operand to) {}

  private final BatchReduce kernel;
  private final Quarters quarters;

  /** In the order of the packed factors. */
  private final Product[] products;

  private final Operand u2;
  private final Operand u3;
  private final Operand u4;
  private final Operand c22;

  Products(BatchReduce kernel, Quarters quarters) {
    this.kernel = kernel;
    this.quarters = quarters;
    Operand bias = new Operand(Memory.BIAS, 0, PANEL, 0, BLOCK);
    Operand difference = new Operand(Memory.WORKSPACE, quarters.biasDifference(), 0, 0, BLOCK);
    Operand u1 = kept(0);
    u2 = kept(1);
    u3 = kept(2);
    u4 = kept(3);
    c22 = output(1, 1);
    products =
        new Product[] {
          ofInput(0, 0, bias, u1),
          ofInput(0, 1, u1, output(0, 0)),
          ofSum(2, u1, u2),
          ofSum(3, u2, u3),
          ofSum(1, difference, u4),
          ofSum(4, u2, output(0, 1)),
          ofInput(1, 1, u3, output(1, 0)),
        };
  }

  /** A product whose factor is a quarter of the input: a half of the pixels and of the channels. */
  private Product ofInput(int half, int channels, Operand start, Operand to) {
    int base = quarters.place(channels * quarters.inBlocks, half * quarters.half);
    int block = quarters.place(1, 0);
    return new Product(new Operand(Memory.INPUT, base, 0, BLOCK, block), taps(block), start, to);
  }

  /** A product whose factor is one of the sums s1 to s4. */
  private Product ofSum(int sum, Operand start, Operand to) {
    int block = quarters.blockPixels * BLOCK;
    Operand left = new Operand(Memory.WORKSPACE, quarters.inputSum(sum - 1, 0), 0, BLOCK, block);
    return new Product(left, taps(block), start, to);
  }

  private Taps taps(int apart) {
    int[] input = new int[quarters.inBlocks];
    int[] filter = new int[quarters.inBlocks];
    for (int b = 0; b < quarters.inBlocks; b++) {
      input[b] = b * apart;
      filter[b] = b * BLOCK * PANEL;
    }
    return new Taps(input, filter);
  }

  private Operand kept(int product) {
    int block = quarters.blockPixels * BLOCK;
    return new Operand(Memory.WORKSPACE, quarters.kept(product), 0, BLOCK, block);
  }

  private Operand output(int half, int channels) {
    int base = quarters.place(2 * channels * quarters.panels, half * quarters.half);
    int block = quarters.place(1, 0);
    return new Operand(Memory.OUTPUT, base, 2 * block, BLOCK, block);
  }

  /** Calls the micro-kernels of strips of a width until they are compiled. */
  void warmUp(int width) {
    kernel.warmUp(BLOCK, 2, width, products[0].taps, true);
    kernel.warmUp(BLOCK, 2, width, products[0].taps, false);
  }

  /**
   * Computes the outputs of some pixels of both halves for a panel of both halves.
   *
   * @param from the first pixel of the upper half
   * @param workspace holds the sums of the input at these pixels
   */
  void run(int image, int from, int count, int panel, float[] workspace, ConvCall call) {
    subtractBiases(panel, workspace, call);
    for (int p = 0; p < products.length; p++) {
      multiply(p, image, from, count, panel, workspace, call);
      if (p == U4) {
        addFourth(image, from, count, panel, workspace, call);
      }
    }
  }

  private void subtractBiases(int panel, float[] workspace, ConvCall call) {
    float[] bias = call.bias();
    int first = panel * PANEL;
    int second = (quarters.panels + panel) * PANEL;
    for (int c = 0; c < PANEL; c++) {
      workspace[quarters.biasDifference() + c] = bias[second + c] - bias[first + c];
    }
  }

  private void multiply(
      int p, int image, int from, int count, int panel, float[] workspace, ConvCall call) {
    Product product = products[p];
    Operand left = product.left;
    Operand start = product.start;
    Operand to = product.to;
    kernel.pixels(
        BLOCK,
        2,
        count,
        left.array(workspace, call),
        left.at(image, from, panel, call),
        product.taps,
        call.weights(),
        quarters.factor(panel, p),
        start.array(workspace, call),
        start.at(image, from, panel, call),
        start.pixel(),
        start.block(),
        to.array(workspace, call),
        to.at(image, from, panel, call),
        to.pixel(),
        to.block());
  }

  private void addFourth(
      int image, int from, int count, int panel, float[] workspace, ConvCall call) {
    int to = c22.at(image, from, panel, call);
    for (int b = 0; b < 2; b++) {
      int further = b * u4.block();
      QuarterSums.output(
          workspace,
          u4.base() + further,
          u2.base() + further,
          u3.base() + further,
          call.output(),
          to + b * c22.block(),
          count);
    }
  }
}

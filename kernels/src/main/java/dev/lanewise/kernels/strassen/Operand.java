package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.plan.ConvCall;

/**
 * Where a matrix of pixels x channels lies that enters or leaves a product: a quarter of the input
 * or the output, a sum, a kept product, or a bias.
 *
 * @param memory the array
 * @param base floats from the beginning of the array, or of the image
 * @param perPanel floats from the values of one panel of output channels to those of the next
 * @param pixel floats from one pixel to the next: 16, or 0 where all are alike
 * @param block floats from one block of 16 channels to the next
 */
record Operand(Memory memory, int base, int perPanel, int pixel, int block) {

  /** Arrays in which operands lie. */
  enum Memory {
    INPUT,
    OUTPUT,
    BIAS,
    WORKSPACE
  }

  /** The array. */
  float[] array(float[] workspace, ConvCall call) {
    return switch (memory) {
      case INPUT -> call.input();
      case OUTPUT -> call.output();
      case BIAS -> call.bias();
      case WORKSPACE -> workspace;
    };
  }

  /**
   * Where the values of a panel begin; operands in the workspace are those of the pixels at hand.
   *
   * @param from the first pixel at hand
   */
  int at(int image, int from, int panel, ConvCall call) {
    int panelAt = base + panel * perPanel;
    return switch (memory) {
      case INPUT -> call.inputImage(image) + panelAt + from * pixel;
      case OUTPUT -> call.outputImage(image) + panelAt + from * pixel;
      case BIAS, WORKSPACE -> panelAt;
    };
  }
}

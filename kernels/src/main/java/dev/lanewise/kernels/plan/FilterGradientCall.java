package dev.lanewise.kernels.plan;

/**
 * The operands of one gradient by filter: input and gradient of the output, NCHW16C, whose images
 * lie one behind the other, and the gradient of the filter. Each begins anywhere in its array.
 * Whoever computes gradients keeps the object, so that calls allocate nothing.
 */
public final class FilterGradientCall {

  private float[] input;
  private int inputFirst;
  private float[] gradOutput;
  private int gradOutputFirst;
  private float[] gradFilter;
  private int gradFilterFirst;

  /** A call on whole arrays. */
  public static FilterGradientCall of(float[] input, float[] gradOutput, float[] gradFilter) {
    return new FilterGradientCall()
        .input(input, 0)
        .gradOutput(gradOutput, 0)
        .gradFilter(gradFilter, 0);
  }

  /** The input of the forward pass from {@code first} on. */
  public FilterGradientCall input(float[] data, int first) {
    input = data;
    inputFirst = first;
    return this;
  }

  /** The gradient of the output from {@code first} on. */
  public FilterGradientCall gradOutput(float[] data, int first) {
    gradOutput = data;
    gradOutputFirst = first;
    return this;
  }

  /** The gradient of the filter from {@code first} on, overwritten. */
  public FilterGradientCall gradFilter(float[] data, int first) {
    gradFilter = data;
    gradFilterFirst = first;
    return this;
  }

  /** Lets go of the arrays. */
  public void clear() {
    input = null;
    gradOutput = null;
    gradFilter = null;
  }

  /** The array of the input. */
  public float[] input() {
    return input;
  }

  /** Where the input begins. */
  public int inputFirst() {
    return inputFirst;
  }

  /** The array of the output's gradient. */
  public float[] gradOutput() {
    return gradOutput;
  }

  /** Where the gradient of the output begins. */
  public int gradOutputFirst() {
    return gradOutputFirst;
  }

  /** The array of the filter's gradient. */
  public float[] gradFilter() {
    return gradFilter;
  }

  /** Where the gradient of the filter begins. */
  public int gradFilterFirst() {
    return gradFilterFirst;
  }
}

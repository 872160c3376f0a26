package dev.lanewise.kernels.composite;

/**
 * The parameters of a separable convolution, or their gradients.
 *
 * @param depthwise filter {@code [channels x multiplier][1][kernel...]}
 * @param depthwiseBias one value for each channel between; null for zeros, if it is no gradient
 * @param pointwise filter {@code [outChannels][channels x multiplier]}
 * @param pointwiseBias one value for each output channel; null for zeros, if it is no gradient
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record SeparableFilters(
    float[] depthwise, float[] depthwiseBias, float[] pointwise, float[] pointwiseBias) {}

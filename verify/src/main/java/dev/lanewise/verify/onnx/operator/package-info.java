/**
 * The operators of ONNX, each a function of a call's inputs and attributes.
 *
 * <p>Convolution, pooling, normalisation, activations and matrix products of floats run through the
 * public entries of {@code kernels}; what only moves or combines elements is written out plainly.
 *
 * <p>What may enter: one class for each family of operators, which registers them in {@link
 * dev.lanewise.verify.onnx.operator.Operators}. Nothing here knows of files, graphs or tests.
 */
package dev.lanewise.verify.onnx.operator;

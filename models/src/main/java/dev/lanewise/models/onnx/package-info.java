/**
 * Networks as ONNX files.
 *
 * <p>What may enter: the translation between operators of a graph and those of ONNX, and what it
 * takes to read files that nobody vouches for. A model that was read is walked over once for each
 * input shape: what follows from parameters and shapes is computed on the way, the rest becomes
 * operators.
 */
package dev.lanewise.models.onnx;

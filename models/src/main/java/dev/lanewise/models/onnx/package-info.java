/**
 * Networks as ONNX files.
 *
 * <p>What may enter: the translation between operators of a graph and those of ONNX, and what it
 * takes to read files that nobody vouches for.
 */
package dev.lanewise.models.onnx;

/**
 * ONNX's node tests: folders with a model of an operator, inputs, and the outputs that its
 * definition gives.
 *
 * <p>What may enter: reading those folders, walking a graph, and comparing the outputs.
 */
package dev.lanewise.verify.onnx;

/**
 * The operators of ONNX: what they compute, and what they become in a graph of ours.
 *
 * <p>What may enter: reading operands and attributes of one kind of node, in all operator sets, and
 * its translation or computation. An operator that the kernels compute has one form alone, its
 * translation, which serves known inputs too. Others are computed by their definition, in plain
 * Java for any type; where their inputs are open, a run does the same.
 */
package dev.lanewise.models.onnx.operator;

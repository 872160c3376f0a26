/**
 * The tensors of ONNX models: element types, dimensions, values, and how they are read.
 *
 * <p>What may enter: what knows of tensors but not of operators or graphs.
 */
package dev.lanewise.models.onnx.tensor;

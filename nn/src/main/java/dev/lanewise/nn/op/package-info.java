/**
 * The operations of the tape, one class a kind: its forward and, beside it, its backward.
 *
 * <p>What may enter: subclasses of {@link dev.lanewise.nn.Operation} that delegate the arithmetic
 * to {@code kernels}. Parameters and shape rules belong to the layers.
 */
package dev.lanewise.nn.op;

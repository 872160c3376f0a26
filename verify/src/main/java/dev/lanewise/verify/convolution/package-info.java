/**
 * Convolution, its gradients and what stands beside it (pooling, matrix products, activations,
 * layouts) against the references, on listed and random shapes.
 *
 * <p>What may enter: one class for each operation checked, and what makes its problems.
 */
package dev.lanewise.verify.convolution;

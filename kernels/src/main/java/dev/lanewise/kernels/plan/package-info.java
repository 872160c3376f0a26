/**
 * The public way in: {@code plan}, {@code pack}, {@code run}.
 *
 * <p>What may enter: the choice of an algorithm, its options and explanation, and what all
 * algorithms share around their loops (operands, epilogue, packed filters). The algorithms
 * themselves live in packages of their own behind {@link dev.lanewise.kernels.plan.ConvAlgorithm}.
 */
package dev.lanewise.kernels.plan;

/**
 * Matrix products on the batch-reduce kernel.
 *
 * <p>What may enter: the packing of operands into panels and the loops that keep them in the
 * caches. Convolution by im2col shares the panels and strips, and nothing here knows of
 * convolution.
 */
package dev.lanewise.kernels.gemm;

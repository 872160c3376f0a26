/**
 * Facts about the machine's SIMD lanes and the generated micro-kernels.
 *
 * <p>What may enter: code that needs {@code jdk.incubator.vector} to do its work, and the choice
 * between it and the scalar fallback. The micro-kernels come from {@code BatchReduceGenerator} at
 * build time; only the class of this machine's lane width is ever loaded.
 */
package dev.lanewise.kernels.simd;

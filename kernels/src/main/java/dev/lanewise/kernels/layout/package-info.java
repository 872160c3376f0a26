/**
 * How activations lie in memory, and the conversions between the layouts.
 *
 * <p>What may enter: facts about layouts and copies from one to another. Nothing here computes.
 */
package dev.lanewise.kernels.layout;

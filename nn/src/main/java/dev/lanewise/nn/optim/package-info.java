/**
 * Optimisers and what goes with them: learning-rate schedules, clipping of gradients, averages of
 * weights; by PyTorch's update rules and defaults.
 *
 * <p>What may enter: what changes parameters from step to step. A loop over values is plain Java
 * over pieces of an array, so that it runs on lanes and on all workers with the same bits.
 */
package dev.lanewise.nn.optim;

/**
 * Optimisers: how parameters follow their gradients, by PyTorch's update rules and defaults.
 *
 * <p>What may enter: subclasses of {@link dev.lanewise.nn.optim.Optimizer}, each one loop over
 * plain arrays.
 */
package dev.lanewise.nn.optim;

/**
 * Losses: operations that end a network in one number to be made small.
 *
 * <p>What may enter: operations with a scalar result, and what describes their targets. A loss of
 * elements one by one is a rule for {@code PointLoss}.
 */
package dev.lanewise.nn.loss;

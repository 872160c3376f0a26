/**
 * Losses: operations that end a network in one number to be made small.
 *
 * <p>What may enter: subclasses of {@link dev.lanewise.nn.Operation} with a scalar result.
 */
package dev.lanewise.nn.loss;

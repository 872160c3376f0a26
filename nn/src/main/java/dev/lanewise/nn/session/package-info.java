/**
 * Sessions: networks compiled for use.
 *
 * <p>A graph becomes stages, in which batch norms are folded and activations, residuals and
 * depthwise convolutions fused; their values get places in few arrays, parts of a concatenation
 * inside the whole; and each stage becomes a step with its plan and packed filter. What may enter:
 * what makes a network that is not trained any more faster or smaller.
 */
package dev.lanewise.nn.session;

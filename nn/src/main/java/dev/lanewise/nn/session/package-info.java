/**
 * Sessions: networks compiled for use.
 *
 * <p>A graph becomes stages, in which batch norms are folded and activations and residuals fused; a
 * depthwise convolution whose output would leave the second-level cache is computed along with the
 * pointwise one that reads it (expanding convolutions before it were measured to gain 1 to 5 % in
 * the same way, and are not); their values get places in few arrays, parts of a concatenation
 * inside the whole; and each stage becomes a step with its plan and packed filter. What may enter:
 * what makes a network that is not trained any more faster or smaller.
 */
package dev.lanewise.nn.session;

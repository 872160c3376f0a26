/**
 * Normalisation, forward and backward, over NCHW16C activations.
 *
 * <p>What may enter: operations that scale activations by statistics of the activations themselves,
 * and the folding of such scales into a filter.
 */
package dev.lanewise.kernels.norm;

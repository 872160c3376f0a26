/**
 * Fourier transforms of 16 channels at a time, and convolution as products of spectra.
 *
 * <p>Activations are NCHW16C: a pixel holds 16 channels, so a transform along a row or column is
 * the same arithmetic on each lane, with its roots of unity as broadcast scalars: no lane is ever
 * moved to another. A complex element is 32 floats, {@code [real 16][imaginary 16]}.
 *
 * <p>What may enter: transforms, and convolutions that are made of them.
 */
package dev.lanewise.kernels.fft;

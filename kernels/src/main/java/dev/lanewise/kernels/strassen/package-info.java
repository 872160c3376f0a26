/**
 * Strassen's algorithm for pointwise convolutions of many channels: seven products of half the
 * pixels, input and output channels where the definition has eight, between sums of quarters.
 *
 * <p>One level, in Winograd's form with fewest additions (Strassen, "Gaussian elimination is not
 * optimal", 1969; Higham, "Accuracy and Stability of Numerical Algorithms", section 23.3). Sums and
 * differences of the filter's quarters are packed, those of the input's are made by each worker,
 * and most of those of the output cost nothing, as products start from the ones before. Times over
 * those of direct summation, one Zen 4 core: 0.91 at 1024 &gt; 512 and 1024 &gt; 256 channels of
 * 14x14 pixels, 0.93 at 256 &gt; 1024, 0.94 at 512 &gt; 128 of 28x28, 0.95 at 256 &gt; 128 of
 * 56x56, 0.97 at 128 &gt; 512 of 28x28; 1.02 at 64 &gt; 256, where sums of 32 terms are too short
 * to hide what surrounds them. ResNet-50 as a session takes 3 to 5 per cent less time, though the
 * filters are 7/4 as large.
 *
 * <p>Rounding: about 2.1 times the root mean square error of direct summation, less than that of
 * Winograd's F(4, 3).
 *
 * <p>What may enter: the quarters, their sums, and the loops around the batch-reduce kernel.
 */
package dev.lanewise.kernels.strassen;

/**
 * Labelled images for training and evaluation.
 *
 * <p>What may enter: data sets, the steps that vary images, and how batches of them are loaded
 * ahead of their use. File formats belong in {@code io}.
 */
package dev.lanewise.nn.data;

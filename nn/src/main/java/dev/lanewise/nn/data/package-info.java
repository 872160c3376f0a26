/**
 * Labelled samples for training and evaluation.
 *
 * <p>What may enter: data sets, how they are read and brought to a network's input, and how they
 * are varied in training. File formats belong in {@code io}.
 */
package dev.lanewise.nn.data;

/**
 * The worked numbers of the survey of convolutional networks, recomputed by the library.
 *
 * <p>What may enter: numbers that are published with their inputs, each as one named check.
 */
package dev.lanewise.verify.survey;

/**
 * Weights in, from files of several formats, by {@link dev.lanewise.models.weights.Weights}.
 *
 * <p>What may enter: a format of weights that others write. A reader executes nothing, checks every
 * length against the file before it allocates, and refuses with an {@link java.io.IOException} that
 * names the file, the rule and the values.
 */
package dev.lanewise.models.weights;

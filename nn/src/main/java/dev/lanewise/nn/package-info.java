/**
 * The core of networks: tensors, the tape of operations that made them, and the context they run
 * in.
 *
 * <p>What may enter: what every operation and layer needs. An operation itself belongs in {@code
 * op}, a layer in {@code layer}.
 */
package dev.lanewise.nn;

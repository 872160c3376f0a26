/**
 * Gradients of the operations of {@code nn} against finite differences of their forward passes.
 *
 * <p>What may enter: the frame of these checks, and the list of cases, at least one for each
 * operation, layout and broadcast.
 */
package dev.lanewise.verify.operation;

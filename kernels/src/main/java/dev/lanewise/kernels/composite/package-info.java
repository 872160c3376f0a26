/**
 * Convolutions made of convolutions: one after the other (spatially separable, flattened) and side
 * by side with their outputs concatenated (the branches of an Inception module).
 *
 * <p>What may enter: plans that drive several {@link dev.lanewise.kernels.plan.ConvPlan}s and keep
 * what lies between them. No arithmetic of their own.
 */
package dev.lanewise.kernels.composite;

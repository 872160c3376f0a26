/**
 * Layers and networks: what holds parameters and says which operation is done with them.
 *
 * <p>What may enter: thin classes that check shapes and delegate to {@code nn.op}, their
 * containers, and what can be said of a network without running it.
 */
package dev.lanewise.nn.layer;

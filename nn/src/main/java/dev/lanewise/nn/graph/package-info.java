/**
 * A network as a graph of operators: what sessions compile and file formats hold.
 *
 * <p>What may enter: operators with what they mean in use, and the graph that they make. How they
 * are run fast is the session's.
 */
package dev.lanewise.nn.graph;

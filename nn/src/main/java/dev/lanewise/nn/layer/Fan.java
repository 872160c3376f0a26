package dev.lanewise.nn.layer;

/**
 * How many values meet in one.
 *
 * @param in inputs of one output
 * @param out outputs that one input reaches, at stride 1
 */
public record Fan(int in, int out) {}

/**
 * The surveyed architectures, one short file each, their registry and their weights.
 *
 * <p>What may enter: tables of layers, and trained weights with the command that made them.
 */
package dev.lanewise.models;

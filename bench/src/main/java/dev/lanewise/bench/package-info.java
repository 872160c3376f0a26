/**
 * The command line of the measurements: {@code compare} and its subcommands. What measures stands
 * in {@code compare} and {@code jmh}, what is measured in {@code peer}.
 */
package dev.lanewise.bench;

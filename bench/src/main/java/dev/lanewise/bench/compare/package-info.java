/**
 * The {@code compare} reports: several libraries on the same problems, interleaved in one process,
 * with the machine's peak probed between them. What enters here measures, checks that the outputs
 * agree, or shows the result as a table or as JSON; the libraries stand in {@code peer}.
 */
package dev.lanewise.bench.compare;

/**
 * The {@code compare} reports: several libraries on the same problems, interleaved in one process,
 * with the machine's peak probed between them; and the planner's picks against what is measured
 * fastest. What enters here measures, checks that the results agree, judges them against targets,
 * or shows what was found as a table, as JSON or as a page; the libraries stand in {@code peer}.
 */
package dev.lanewise.bench.compare;
